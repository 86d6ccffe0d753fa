import type { CallView, FlowView, ValueView } from '../views.ts';

const SHELLS =
  /^(?:.*[\\/])?(?:sh|bash|dash|zsh|ksh|ash|fish|cmd|cmd\.exe|powershell|powershell\.exe|pwsh)$/i;
const INTERPRETERS = /^(?:.*[\\/])?(?:python[\d.]*|perl|ruby|node|php|lua)$/i;
const SCRIPT_OPTIONS = /^(?:-\w*c|-e|\/c|-command|-Command|--command)$/;

/** Calls whose arguments are the words of the command line, from the program on: position of the program. */
const WORDS_FROM: readonly [RegExp, number][] = [
  [/^os\.(?:execl|execle|execlp|execlpe)$/, 1],
  [/^os\.(?:spawnl|spawnle|spawnlp|spawnlpe)$/, 2],
  [/^asyncio\.create_subprocess_exec$/, 0],
  [/\.subprocess_exec$/, 1],
  [/^oslo_concurrency\.processutils\.execute$/, 0],
];
const LIST_AT: readonly [RegExp, number][] = [
  [/^os\.(?:execv|execve|execvp|execvpe|posix_spawn|posix_spawnp)$/, 1],
  [/^os\.(?:spawnv|spawnve|spawnvp|spawnvpe)$/, 2],
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
  const at = LIST_AT.find(([pattern]) => pattern.test(call.callee))?.[1] ?? 0;
  return (call.argument(at) ?? call.argument(undefined, 'args'))?.elements;
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
