export { main as loadsMain } from './cli/main.ts';
export { projectMain } from './cli/project-main.ts';
export { cliEventsJsonSchema } from './console/cli-events.ts';
