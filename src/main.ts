import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { keepCompiledCode } from './cli/compile-cache.ts';
import { processConsole } from './cli/console.ts';
import { type ExitCode, Failure } from './cli/failure.ts';
import { VERSION } from './cli/version.ts';
import { visible } from './report/visible.ts';

/*
 * The command line. Each command is one file in cli/, loaded when it is called: help comes at once, and a review needs
 * no web server.
 */

keepCompiledCode(process.env);
const terminal = processConsole(process);
const program = new Command('patchwarden')
  .description('Reviews Python changes for security defects.')
  .version(VERSION)
  .option('--debug', 'show the stack of an unexpected error')
  .showHelpAfterError('Run with --help to see what is possible.')
  .exitOverride()
  .addHelpText(
    'after',
    `
Examples:
  patchwarden review                      what you changed, against the default branch
  patchwarden review --base v1 --head v2  everything between two versions
  patchwarden review --pr acme/shop#12    a pull request on GitHub (token in GITHUB_TOKEN)
  patchwarden scan src --format sarif     all the code, whoever wrote it
  patchwarden explain sql-injection       what a rule looks for, with examples

Exit codes: 0 no defects, 1 defects, 2 the command could not run.`,
  );

program
  .command('review')
  .description('review a change: yours, one between two versions, or a pull request on GitHub')
  .option('--repo <path>', 'the repository (default: the one you stand in)')
  .option('--base <ref>', 'what the change is compared with (default: the default branch)')
  .option('--head <ref>', 'the version to review (default: the work tree)')
  .addOption(
    new Option(
      '--pr <owner/repo#n>',
      'a pull request on GitHub; the token comes from GITHUB_TOKEN',
    ).conflicts(['repo', 'base', 'head']),
  )
  .option('--publish', 'with --pr: post the review on GitHub')
  .addOption(formats('text', 'json', 'sarif', 'markdown'))
  .option('--output <file>', 'write to a file')
  .option('--advisories', 'in text: show advisories too, not only their number')
  .addHelpText(
    'after',
    `
Examples:
  patchwarden review                          before you commit or push
  patchwarden review --base main --head topic
  patchwarden review --pr acme/shop#12 --format markdown   what would be posted
  patchwarden review --pr acme/shop#12 --publish           post it

A change is compared with the point where it left the base. Only what it causes is reported.`,
  )
  .action(async (options) => {
    if (options.pr === undefined) {
      if (options.publish)
        throw new Failure('--publish needs --pr OWNER/REPO#N: a local change has no place to post to.');
      const { reviewLocal } = await import('./cli/review.ts');
      return end(await reviewLocal(options, terminal));
    }
    const { reviewRemote } = await import('./cli/review-pull-request.ts');
    end(await reviewRemote(options, terminal));
  });

program
  .command('scan')
  .description('analyse whole files or directories, whoever wrote them')
  .argument('[path...]', 'files or directories')
  .addOption(formats('text', 'json', 'sarif'))
  .option('--debug-flow <file:line>', 'for writers of rules: print what the engine believes at a line')
  .option('--jobs <n>', 'threads (default: as many as there are processors, at most 8)', positive)
  .option('--output <file>', 'write to a file')
  .option('--advisories', 'in text: show advisories too, not only their number')
  .addHelpText(
    'after',
    `
Examples:
  patchwarden scan .
  patchwarden scan src scripts/deploy.py --advisories
  patchwarden scan . --format sarif --output patchwarden.sarif
  patchwarden scan --debug-flow src/app.py:12

In a git repository, files that git ignores are left out.`,
  )
  .action(async (paths: string[], options) => {
    if (options.debugFlow !== undefined) {
      const { debugFlow } = await import('./cli/debug-flow.ts');
      return debugFlow(options.debugFlow, terminal);
    }
    if (paths.length === 0)
      throw new Failure('Say what to scan: files or directories, `.` for all that is here.');
    const { scan } = await import('./cli/scan.ts');
    return end(await scan(paths, options, terminal));
  });

program
  .command('rules')
  .description('list the rules')
  .addOption(formats('text', 'json'))
  .option('--output <file>', 'write to a file')
  .addOption(
    new Option(
      '--pages <directory>',
      'for developers: write the page of each rule there; older pages are removed',
    ),
  )
  .action(async ({ pages, ...options }) => {
    const { listRules, writeRulePages } = await import('./cli/rules.ts');
    await (pages === undefined ? listRules(options, terminal) : writeRulePages(pages, terminal));
  });

program
  .command('explain')
  .description('explain a rule: what it looks for, why, how to fix it, with examples')
  .argument('<rule>', 'its name, as in the reports')
  .option('--output <file>', 'write to a file, as Markdown')
  .action(async (rule: string, options) => {
    const { explainRule } = await import('./cli/rules.ts');
    await explainRule(rule, options, terminal);
  });

program
  .command('serve')
  .description('run the GitHub App; its settings come from the environment and .env')
  .addHelpText(
    'after',
    '\nWithout credentials it opens a page on which you register the App. See .env.example.',
  )
  .action(async () => {
    const { start } = await import('./app/start.ts');
    await start();
  });

program
  .command('replay')
  .description('for developers: review each of the last commits as a pull request, and count')
  .option('--repo <path>', 'the repository (default: the one you stand in)')
  .option('--commits <n>', 'how many; merges are left out', positive, 100)
  .option('--until <ref>', 'the newest of them', 'HEAD')
  .addOption(formats('text', 'json'))
  .option('--output <file>', 'write to a file')
  .option('--advisories', 'in text: list advisories too')
  .action(async (options) => {
    const { replay } = await import('./cli/replay.ts');
    end(await replay(options, terminal));
  });

function formats(...names: string[]): Option {
  return new Option('--format <format>', 'how to report').choices(names).default(names[0]);
}

function positive(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > 1_000_000) {
    throw new InvalidArgumentError('It should be a whole number from 1 on.');
  }
  return number;
}

function end(code: ExitCode): void {
  process.exitCode = code;
}

/** Errors whose message says what is wrong and what to do. */
const EXPLAINED = new Set(['Failure', 'GitError', 'EnvironmentError', 'ChangedWhileReading']);

function fail(error: unknown): void {
  process.exitCode = 2;
  if (error instanceof CommanderError) {
    // Help and version are no errors; of the others commander has told.
    if (error.exitCode === 0) process.exitCode = 0;
    return;
  }
  const isError = error instanceof Error;
  if (program.opts().debug && isError) {
    terminal.note(error.stack ?? error.message);
    return;
  }
  const message = isError ? error.message : String(error);
  const isExplained = isError && EXPLAINED.has(error.name);
  terminal.note(
    `patchwarden: ${isExplained ? message : `unexpected error: ${visible(message)}. Run with --debug for more, and report it.`}`,
  );
}

// Whoever reads may stop reading: `patchwarden rules | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  fail(error);
} finally {
  terminal.progress.clear();
}
