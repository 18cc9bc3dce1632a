import type { ImportedRequest, ImportedScenario, ImportedStep } from './imported-scenario.ts';
import { commentText, stringLiteral } from './source/literal.ts';
import { type Call, mapOf, type Value } from './source/value.ts';
import { writeValue } from './source/write-value.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Writes a scenario file in TypeScript: formatted, typed, and with no more of the import in it than literals hold. */
export function writeScenario(scenario: ImportedScenario): string {
  const { name, origin, target, steps, secrets } = scenario;
  const grouped = steps.length > 1 || (steps[0]?.name ?? '') !== '';
  const used = ['http', 'check', ...(grouped ? ['step'] : []), ...(waits(steps) ? ['sleep'] : [])];
  const body = grouped ? steps.map((step) => stepText(step)) : [requestLines(steps[0]?.requests ?? [], 2)];
  const options = mapOf({ target, thresholds: mapOf({ checks: ['rate>0.99'] }) });
  return [
    `// ${commentText(origin)}`,
    "import { scenario } from '@loads/node';",
    '',
    `export const options = ${writeValue(options, { indent: 0, before: 999, after: 1 })};`,
    '',
    `scenario(${stringLiteral(name)}, async ({ ${used.join(', ')} }) => {`,
    body.join('\n\n'),
    '});',
    ...(secrets.length > 0 ? ['', SECRET_FUNCTION] : []),
    '',
  ].join('\n');
}

const SECRET_FUNCTION = `/** What is no business of this file: \`-e NAME=value\` gives it, or \`env\` of the configuration. */
function secret(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(\`the secret \${name} is not set: give it with -e\`);
  return value;
}`;

function waits(steps: readonly ImportedStep[]): boolean {
  return steps.some(({ requests }) => requests.some(({ thinkMs }) => thinkMs !== undefined));
}

function stepText({ name, requests }: ImportedStep): string {
  return `  await step(${stringLiteral(name)}, async () => {\n${requestLines(requests, 4)}\n  });`;
}

function requestLines(requests: readonly ImportedRequest[], indent: number): string {
  const blocks = requests.map((request, i) => {
    const declared = requests.length === 1 ? 'const res = ' : i === 0 ? 'let res = ' : 'res = ';
    const pause = request.thinkMs === undefined ? [] : [`await sleep(${request.thinkMs});`];
    const lines = [
      ...pause,
      ...statement(`${declared}await `, requestCall(request), indent),
      ...checkOf(request, indent),
    ];
    return lines.map((line) => ' '.repeat(indent) + line).join('\n');
  });
  return blocks.join('\n\n');
}

function requestCall({ method, url, name, headers, body, expected }: ImportedRequest): Call {
  const known = METHODS.includes(method);
  const options = mapOf({
    name,
    headers: headers.entries.length > 0 ? headers : undefined,
    json: body?.as === 'json' ? body.value : undefined,
    body: body?.as === 'body' ? body.value : undefined,
    // What was recorded is where it led, too, as a request of its own.
    redirect: isRedirect(expected) ? 'manual' : undefined,
    expectStatus: typeof expected === 'number' && !isSuccess(expected) ? statusTest(expected) : undefined,
  });
  const callee = known ? `http.${method.toLowerCase()}` : 'http.request';
  return { kind: 'call', callee, args: [...(known ? [] : [method]), url, options] };
}

function isSuccess(status: number): boolean {
  return status >= 200 && status <= 399;
}

/** Whether a status is one that a client would follow (RFC 9110, section 15.4). */
function isRedirect(expected: ImportedRequest['expected']): boolean {
  return expected === '3XX' || (typeof expected === 'number' && [301, 302, 303, 307, 308].includes(expected));
}

function statusTest(status: number): Value {
  return { kind: 'code', code: `(status) => status === ${status}` };
}

function checkOf({ name, expected }: ImportedRequest, indent: number): readonly string[] {
  const [test, says] =
    expected === 'any'
      ? ['res.ok', 'status is 200 to 399']
      : typeof expected === 'number'
        ? [`res.status === ${expected}`, `status is ${expected}`]
        : [`Math.floor(res.status / 100) === ${expected[0]}`, `status is ${expected}`];
  const args: readonly Value[] = [{ kind: 'code', code: test }, `${name}: ${says}`];
  return statement('', { kind: 'call', callee: 'check', args }, indent);
}

/** A statement whose further lines have no indent of the block yet. */
function statement(start: string, call: Call, indent: number): readonly string[] {
  const before = indent + start.length;
  const lines = `${start}${writeValue(call, { indent, before, after: 1 })};`.split('\n');
  return lines.map((line, i) => (i === 0 ? line : line.slice(indent)));
}
