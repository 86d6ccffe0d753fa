import type { CallView, FlowView, ValueView } from '../views.ts';

const SHELLS =
  /^(?:.*[\\/])?(?:sh|bash|dash|zsh|ksh|ash|fish|cmd|cmd\.exe|powershell|powershell\.exe|pwsh)$/i;
const INTERPRETERS = /^(?:.*[\\/])?(?:python[\d.]*|perl|ruby|node|php|lua)$/i;
const SCRIPT_OPTIONS = /^(?:-\w*c|-e|\/c|-command|-Command|--command)$/;

/** Calls whose arguments are the program and its words, one by one: the position of the program. */
const WORDS_FROM: readonly [RegExp, number][] = [
  [/^os\.(?:execl|execle|execlp|execlpe)$/, 0],
  [/^os\.(?:spawnl|spawnle|spawnlp|spawnlpe)$/, 1],
  [/^asyncio\.create_subprocess_exec$/, 0],
  [/\.subprocess_exec$/, 1],
  [/^oslo_concurrency\.processutils\.execute$/, 0],
];
/** Calls that take the program, then a list of its words. */
const PROGRAM_AND_LIST: readonly [RegExp, number][] = [
  [/^os\.(?:execv|execve|execvp|execvpe|posix_spawn|posix_spawnp)$/, 0],
  [/^os\.(?:spawnv|spawnve|spawnvp|spawnvpe)$/, 1],
];

/** The words of the command line that a call starts, the program first; undefined where they are not known. */
export function commandWords(call: CallView): readonly ValueView[] | undefined {
  const from = WORDS_FROM.find(([pattern]) => pattern.test(call.callee))?.[1];
  if (from !== undefined) {
    const words: ValueView[] = [];
    for (let i = from; i < call.positionalCount; i++) {
      const word = call.argument(i);
      // A list where words are expected is a mistake, and shows what is meant all the same.
      if (word) words.push(...(word.elements ?? [word]));
    }
    return words;
  }
  const at = PROGRAM_AND_LIST.find(([pattern]) => pattern.test(call.callee))?.[1];
  if (at === undefined) return (call.argument(0) ?? call.argument(undefined, 'args'))?.elements;
  const program = call.argument(at);
  return program && [program, ...(call.argument(at + 1)?.elements ?? [])];
}

/** The word that a shell or interpreter in a command line takes for its script: the last of `['sudo', 'sh', '-c', x]`. */
export function scriptOf(words: readonly ValueView[]): ValueView | undefined {
  const shell = words.findIndex((word) => canBe(word, SHELLS) || isInterpreter(word));
  if (shell < 0) return undefined;
  return words.find((_, i) => i > shell && canBe(words[i - 1], SCRIPT_OPTIONS));
}

/** Whether one of the constants that the word can be fits: on one system it is another shell than on the next. */
function canBe(word: ValueView | undefined, pattern: RegExp): boolean {
  return word?.constants?.some((constant) => typeof constant === 'string' && pattern.test(constant)) ?? false;
}

function isInterpreter(word: ValueView | undefined): boolean {
  return word?.path === 'sys.executable' || canBe(word, INTERPRETERS);
}

/** Whether a shell or interpreter that reads its script from the standard input is what a constant starts. */
function startsShell(command: ValueView | undefined): boolean {
  const words = command?.elements ?? (command ? [command] : []);
  const first = words[0]?.constant;
  if (typeof first !== 'string' || words.some((word) => word.constant === undefined)) return false;
  return (
    SHELLS.test(first.split(' ', 1)[0]!) && !words.some((word) => SCRIPT_OPTIONS.test(`${word.constant}`))
  );
}

/** `ssh host command…`: the other side joins the words and gives them to a shell. */
function isRemoteCommand(words: readonly ValueView[]): boolean {
  if (programName(words) !== 'ssh') return false;
  // Behind the host, which is the first word that is neither an option nor the value of one.
  const host = words.findIndex((word, i) => {
    const before = words[i - 1]?.constant;
    return (
      i > 0 &&
      !(typeof word.constant === 'string' && word.constant.startsWith('-')) &&
      !(typeof before === 'string' && /^-[BbcDEeFIiJLlmOopQRSWw]$/.test(before))
    );
  });
  return host > 0 && words.slice(host + 1).some((word) => word.canReach('argument'));
}

/**
 * Whether outside input is the script that a shell or interpreter is given: `['sh', '-c', value]`, also behind
 * another program (`['sudo', 'sh', '-c', value]`), what it reads as its input, or a command for `ssh`.
 */
export function isScriptOfShell(flow: FlowView): boolean {
  const { call } = flow;
  if (call && /^(?:pexpect\.spawn\.send|subprocess\.Popen\.communicate)/.test(flow.sink)) {
    return startsShell(call.receiver?.madeBy?.argument(0, 'command'));
  }
  if (call && flow.node === call.argumentNode(undefined, 'input')) {
    return startsShell(call.argument(0, 'args'));
  }
  if (call && /^sh\.\w+$/.test(call.callee)) {
    return SHELLS.test(call.name) && call.argument(0)?.constant === '-c';
  }
  const words = call && commandWords(call);
  if (!words)
    return /["'](?:[\w/]*\/)?(?:ba|da|z|k)?sh["']\s*,\s*["']-\w*c["']/.test(flow.sourceOf(flow.node));
  if (isRemoteCommand(words)) return true;
  return scriptOf(words)?.canReach('argument') ?? false;
}

/** The program of a command line without its directory: `git` for `/usr/bin/git`. */
export function programName(words: readonly ValueView[]): string | undefined {
  const program = words[0]?.constant;
  return typeof program === 'string' ? program.replace(/^.*[\\/]/, '').replace(/\.exe$/i, '') : undefined;
}

/** Programs that start the program which their arguments name, by what their own arguments before it look like. */
const STARTERS: ReadonlyMap<string, RegExp> = new Map([
  ...['nohup', 'time', 'setsid', 'stdbuf', 'ionice', 'unbuffer', 'xvfb-run', 'catchsegv', 'busybox'].map(
    (name) => [name, /^-/] as const,
  ),
  ['env', /^-|^\w+=/],
  ['nice', /^-|^\d+$/],
  ['timeout', /^-|^[\d.]+[smhd]?$/],
  ['sudo', /^-|^\w+=/],
  ['doas', /^-/],
]);
/** Their options that take the next word. */
const TAKES_NEXT = /^-[ugCpnsk]$|^--(?:user|group|signal|adjustment)$/;

/** The words from the program on that is started in the end: `git clone` of `sudo -u www git clone`. */
export function startedWords(words: readonly ValueView[]): readonly ValueView[] {
  const own = STARTERS.get(programName(words) ?? '');
  if (!own) return words;
  let at = 1;
  for (; at < words.length; at++) {
    const word = words[at]!.constant;
    if (typeof word !== 'string' || !own.test(word)) break;
    if (TAKES_NEXT.test(word)) at++;
  }
  return startedWords(words.slice(at));
}

/** Whether a program like `sudo` starts the program that outside input names. */
export function isStartedByAnother(flow: FlowView): boolean {
  const words = (flow.call && commandWords(flow.call)) ?? [];
  const started = startedWords(words);
  return started !== words && (started[0]?.canReach('argument') ?? false);
}

/** The first word behind a shell or interpreter that is no constant option: its script, or an option after all. */
export function scriptFile(words: readonly ValueView[]): ValueView | undefined {
  if (!canBe(words[0], SHELLS) && !isInterpreter(words[0])) return undefined;
  return words.slice(1).find(({ constant }) => typeof constant !== 'string' || !constant.startsWith('-'));
}
