export { DASHBOARD_UIDS, runLink } from './run-link.ts';
