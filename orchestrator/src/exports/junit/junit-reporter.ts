import type { StoredRun } from '../../run/stored-run.ts';
import type { Reporter } from '../reporter.ts';
import { type CaseProblem, type TestCase, type TestSuite, testSuites } from './test-suites.ts';
import { type XmlElement, xmlDocument } from './xml.ts';

/** JUnit XML as CI servers read it (the schema of Jenkins and its kin: testsuites, testsuite, testcase). */
export const junitReporter: Reporter = {
  name: 'junit',
  doc: 'JUnit XML: validity, thresholds and checks as test cases',
  file: 'junit.xml',
  report(run) {
    const { summary, folder } = run;
    const suites = testSuites(summary, folder.record.judging);
    const attributes = { name: `loads ${summary.name}`, ...countsOf(suites), time: secondsOf(run) };
    return xmlDocument({ name: 'testsuites', attributes, content: suites.map((suite, i) => suiteOf(suite, i, run)) });
  },
};

function suiteOf(suite: TestSuite, index: number, run: StoredRun): XmlElement {
  const { name, startedAtMs } = run.summary;
  const attributes = {
    name: `${name} ${suite.name}`,
    ...countsOf([suite]),
    // The run is counted once: readers add the suites up.
    time: index === 0 ? secondsOf(run) : 0,
    timestamp: startedAtMs === undefined ? undefined : new Date(startedAtMs).toISOString().slice(0, 19),
  };
  const cases = suite.cases.map((one) => caseOf(one, `${name}.${suite.name}`));
  return { name: 'testsuite', attributes, content: index === 0 ? [propertiesOf(run), ...cases] : cases };
}

function caseOf({ name, problem, output }: TestCase, classname: string): XmlElement {
  const said: readonly XmlElement[] = output === undefined ? [] : [{ name: 'system-out', content: [output] }];
  const content = [...(problem ? [problemOf(problem)] : []), ...said];
  return { name: 'testcase', attributes: { classname, name, time: 0 }, content };
}

function problemOf({ kind, message, text }: CaseProblem): XmlElement {
  const type = kind === 'skipped' ? undefined : kind;
  return { name: kind, attributes: { message, type }, content: text === undefined ? [] : [text] };
}

function propertiesOf({ summary, folder }: StoredRun): XmlElement {
  const { run, outcome, exitCode, nodes, workers, seed } = summary;
  const { labels = {}, metadata } = folder.record;
  const known = {
    ...{ run, outcome, exitCode, nodes, workers, seed },
    revision: metadata?.git?.revision,
    branch: metadata?.git?.branch,
    ...Object.fromEntries(Object.entries(labels).map(([key, value]) => [`label.${key}`, value])),
  };
  const content = Object.entries(known).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name: 'property', attributes: { name, value } }],
  );
  return { name: 'properties', content };
}

function countsOf(suites: readonly TestSuite[]): Readonly<Record<string, number>> {
  const cases = suites.flatMap((suite) => suite.cases);
  const count = (kind: CaseProblem['kind']): number => cases.filter(({ problem }) => problem?.kind === kind).length;
  return { tests: cases.length, failures: count('failure'), errors: count('error'), skipped: count('skipped') };
}

function secondsOf({ summary }: StoredRun): string {
  return (summary.durationMs / 1000).toFixed(3);
}
