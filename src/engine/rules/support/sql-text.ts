/** What text tells about being SQL. Templates have `\0` where something unknown is put in. */

const STATEMENT =
  /^\s*(?:\(\s*)?(?:explain\s+(?:analyze\s+)?)?(?:select\b[\s\S]+?\bfrom\b|select\s+[\w.*("'@\0]|insert\s+(?:or\s+\w+\s+)?(?:ignore\s+)?into\b|replace\s+into\b|update\s+\S+\s+set\b|update\s+\0|delete\s+from\b|merge\s+into\b|with\s+(?:recursive\s+)?\w+\s*(?:\([^)]*\)\s*)?as\s*\(|(?:create|drop|alter|truncate)\s+(?:or\s+replace\s+|temp(?:orary)?\s+|unique\s+|materialized\s+|external\s+)*(?:table|view|index|database|schema|user|role|function|procedure|trigger|sequence|column|extension|type|policy|publication|keyspace|warehouse)\b|grant\s+[\s\S]+\bto\b|revoke\s+[\s\S]+\bfrom\b|exec(?:ute)?\s+\w+|call\s+\w+\s*\(|copy\s+\S+\s+(?:from|to)\b|pragma\s+\w+|set\s+(?:session|local|global|role|search_path)\b|show\s+(?:tables|columns|create|index)|describe\s+\S+|use\s+\0|lock\s+table|vacuum\b|refresh\s+materialized)/i;

/** Whether the text begins as an SQL statement does. */
export function looksLikeSql(template: string): boolean {
  return STATEMENT.test(template.replace(/^[\s;]*(?:--[^\n]*\n\s*|\/\*[\s\S]*?\*\/\s*)*/, ''));
}

/** Whether something unknown is put into the text. */
export function hasHole(template: string): boolean {
  return template.includes('\0');
}

/** Whether a hole stands between quotes: `name = '\0'`. */
export function hasQuotedHole(template: string): boolean {
  return /'[^'\n]*\0[^'\n]*'|"[^"\n]*\0[^"\n]*"/.test(template);
}
