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
      if (word) words.push(word);
    }
    return words;
  }
  const at = PROGRAM_AND_LIST.find(([pattern]) => pattern.test(call.callee))?.[1];
  if (at === undefined) return (call.argument(0) ?? call.argument(undefined, 'args'))?.elements;
  const program = call.argument(at);
  const words = call.argument(at + 1)?.elements;
  return program && words ? [program, ...words] : undefined;
}

/** Whether outside input is the script that a shell or interpreter is given: `['sh', '-c', value]`. */
export function isScriptOfShell(flow: FlowView): boolean {
  const words = flow.call && commandWords(flow.call);
  if (!words)
    return /["'](?:[\w/]*\/)?(?:ba|da|z|k)?sh["']\s*,\s*["']-\w*c["']/.test(flow.sourceOf(flow.node));
  const program = words[0]?.constant;
  if (typeof program !== 'string' || !(SHELLS.test(program) || INTERPRETERS.test(program))) return false;
  return words.some((word, i) => {
    const before = words[i - 1]?.constant;
    return typeof before === 'string' && SCRIPT_OPTIONS.test(before) && word.reaches('argument');
  });
}

/** The program of a command line without its directory: `git` for `/usr/bin/git`. */
export function programName(words: readonly ValueView[]): string | undefined {
  const program = words[0]?.constant;
  return typeof program === 'string' ? program.replace(/^.*[\\/]/, '').replace(/\.exe$/i, '') : undefined;
}
