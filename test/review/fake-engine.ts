import type { Finding } from '../../src/engine/finding.ts';
import type { AnalysisRequest, AnalysisResult, Control, FileReport } from '../../src/engine/project.ts';

/**
 * An engine that reads markers instead of Python:
 *
 * - `BUG`, `NOTE` in a line: a defect, an advisory. `BUG from 3`: its trace begins in line 3, and there is none while
 *   that line says `safe`. No `BUG` in a file that says `checked`.
 * - `GUARD name`: a control; `GOOD`: a practice.
 * - `import x`: wants x.py; with it, each line of x.py that says EXPORT makes a defect at the import.
 * - `SYNTAX`: that line is a syntax error. `CRASH`, `LOOP`, `EXHAUST`, `DEEP`: the engine breaks.
 * - `def name`: the symbol of the lines after it.
 */
export function fakeAnalyse(request: AnalysisRequest): AnalysisResult {
  const findings: Finding[] = [];
  const controls: Control[] = [];
  const files: FileReport[] = [];
  const wanted = new Set<string>();
  const practices: AnalysisResult['practices'][number][] = [];
  for (const path of request.targets) {
    const text = request.project.read(path);
    if (text === undefined) throw new Error(`the text of ${path} is missing`);
    const problems: FileReport['problems'][number][] = [];
    let symbol = '';
    for (const [at, line] of text.split(/\r\n|\r|\n/).entries()) {
      const location = {
        path,
        startLine: at + 1,
        startColumn: 1,
        endLine: at + 1,
        endColumn: line.length + 1,
      };
      symbol = /^def (\w+)/.exec(line)?.[1] ?? symbol;
      if (line.includes('CRASH')) throw new Error('crashed');
      if (line.includes('LOOP')) for (;;) if (Date.now() < 0) break;
      if (line.includes('EXHAUST')) exhaust();
      if (line.includes('DEEP')) deep(1);
      if (line.includes('SYNTAX')) {
        problems.push({ reason: 'syntax-error', detail: '', lines: { from: at + 1, to: at + 1 } });
        continue;
      }
      const bug = /(BUG|NOTE)(?: from (\d+))?/.exec(line);
      const from = Number(bug?.[2] ?? 0);
      if (bug && !text.includes('checked') && !text.split('\n')[from - 1]?.includes('safe')) {
        const source = { ...location, startLine: from, endLine: from };
        findings.push({
          ...finding(bug[1] === 'BUG' ? 'bug' : 'note', location, symbol, line),
          trace: from > 0 ? [{ location: source, text: ['here it comes from'] }] : [],
        });
      }
      if (line.includes('GOOD')) practices.push({ aspect: 'injection', location, text: ['good'] });
      const guard = /GUARD (\w+)/.exec(line);
      if (guard)
        controls.push({ key: `${guard[1]}\n${path} ${symbol}`, symbol, location, text: [guard[1]!] });
      const imported = /^import (\w+)/.exec(line)?.[1];
      if (imported && request.project.paths.has(`${imported}.py`)) {
        const other = request.project.read(`${imported}.py`);
        if (other === undefined) wanted.add(`${imported}.py`);
        const exports = other?.split('\n').filter((exported) => exported.includes('EXPORT')) ?? [];
        for (const exported of exports) findings.push(finding('bug', location, symbol, line + exported));
      }
    }
    const role = request.roles?.get(path) ?? 'production';
    files.push({ path, role, status: problems.length > 0 ? 'partial' : 'analysed', problems });
  }
  return { findings, practices, controls, contracts: [], files, wanted: [...wanted] };
}

function finding(ruleId: string, location: Finding['location'], symbol: string, line: string): Finding {
  return {
    ruleId,
    cwe: [1],
    aspect: 'injection',
    kind: ruleId === 'bug' ? 'defect' : 'advisory',
    severity: line.includes('critical') ? 'critical' : 'medium',
    confidence: 'high',
    message: [`${ruleId} here`],
    location,
    symbol,
    trace: [],
    fix: { text: ['mend it'] },
    fingerprint: Buffer.from(
      `${ruleId} ${location.path} ${symbol} ${line.replace(/\s|from.*/g, '')}`,
    ).toString('hex'),
    quiet: line.includes('quiet'),
  };
}

/** Uses more memory than a worker may have. */
function exhaust(): never {
  const hoard: number[][] = [];
  for (;;) hoard.push(Array.from({ length: 100_000 }, (_, at) => at + hoard.length));
}

function deep(level: number): number {
  return deep(level + 1) + 1;
}
