// The one file of the image: the package, for scenarios that import `@loads/node`, and the command `loads-node`.
import { main } from '../main.ts';
import { endOnSignals } from './end-on-signals.ts';

// All of it, whatever it has come to be: this file stands for the package.
export * from '../index.ts';

if (import.meta.main) {
  if (process.pid === 1) endOnSignals(process);
  // Not awaited: a scenario imports this file, which has to be evaluated by then.
  void main(process.argv.slice(2), process.env).then((code) => process.exit(code));
}
