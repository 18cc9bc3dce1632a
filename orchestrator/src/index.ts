export { main as loadsMain } from './cli/main.ts';
