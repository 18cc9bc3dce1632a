/** Gives the monitors of a configuration that have no token of their own the one of the environment. */
export function withMonitorTokens(
  content: Readonly<Record<string, unknown>>,
  { LOADS_MONITOR_TOKEN: token }: NodeJS.ProcessEnv,
): Readonly<Record<string, unknown>> {
  const { monitors } = content;
  if (token === undefined || token === '' || !isMap(monitors)) return content;
  const given = Object.entries(monitors).map(([name, one]) => [name, isMap(one) ? { token, ...one } : one]);
  return { ...content, monitors: Object.fromEntries(given) };
}

/** What is no map is for the schema to refuse. */
function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
