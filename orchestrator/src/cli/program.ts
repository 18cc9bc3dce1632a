import { Command } from 'commander';
import { addAttach } from './attach-command.ts';
import { addBaseline } from './baseline-command.ts';
import { addCheck } from './check-command.ts';
import type { CliContext } from './cli-context.ts';
import { addCompare } from './compare-command.ts';
import { addCompletion } from './completion-command.ts';
import { DOCKER_REPEATABLE } from './docker-flags.ts';
import { addDoctor } from './doctor-command.ts';
import { addExport } from './export-command.ts';
import { addGc } from './gc-command.ts';
import { EXIT_CODES } from './help-texts.ts';
import { addImages } from './images-command.ts';
import { addImport, IMPORT_REPEATABLE } from './import-command.ts';
import { LABEL_REPEATABLE } from './label-flag.ts';
import { REPEATABLE } from './load-flags.ts';
import { addLogs } from './logs-command.ts';
import { addMonitor, MONITOR_REPEATABLE } from './monitor-command.ts';
import { addNew } from './new-command.ts';
import { OUT_REPEATABLE } from './out-flags.ts';
import { addPs } from './ps-command.ts';
import { addPush } from './push-command.ts';
import { refuseRepeats } from './refuse-repeats.ts';
import { addReport } from './report-command.ts';
import { addRm } from './rm-command.ts';
import { addRun } from './run-command.ts';
import { addScale } from './scale-command.ts';
import { addSearch, SEARCH_REPEATABLE } from './search-command.ts';
import { addShow } from './show-command.ts';
import { addStop } from './stop-command.ts';
import { addTrend } from './trend-command.ts';

/** The command line of `loads`. */
export function program(version: string, context: CliContext): Command {
  const loads = new Command('loads')
    .description('Load and chaos in one run: does the service hold, under load, while its network breaks?')
    .version(version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .showSuggestionAfterError()
    .configureHelp({ helpWidth: 100 })
    .addHelpText('after', EXIT_CODES);
  addRun(loads, context);
  addSearch(loads, context);
  addPs(loads, context);
  addLogs(loads, context);
  addStop(loads, context);
  addScale(loads, context);
  addAttach(loads, context);
  addShow(loads, context);
  addReport(loads, context);
  addExport(loads, context);
  addCompare(loads, context);
  addBaseline(loads, context);
  addTrend(loads, context);
  addRm(loads, context);
  addGc(loads, context);
  addCheck(loads, context);
  addNew(loads, version, context);
  addImport(loads, context);
  addImages(loads, context);
  addPush(loads, context);
  addMonitor(loads, context);
  addDoctor(loads, version, context);
  addCompletion(loads, context);
  for (const command of loads.commands)
    refuseRepeats(command, [
      'env',
      'monitor',
      ...LABEL_REPEATABLE,
      ...REPEATABLE,
      ...DOCKER_REPEATABLE,
      ...IMPORT_REPEATABLE,
      ...SEARCH_REPEATABLE,
      ...OUT_REPEATABLE,
      ...MONITOR_REPEATABLE,
    ]);
  return loads;
}
