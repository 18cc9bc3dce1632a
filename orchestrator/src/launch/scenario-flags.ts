/** What Node is started with in the image of scenario processes. The first line of a file names them: kernels before 5.1 read 127 characters of it. */
export const IMAGE_FLAGS: readonly string[] = [
  // The scenario file may lie in a folder without a package.json: that is no reason for a warning.
  '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
  // V8 lets the young generation grow to 2 x 64 MiB, and keeps it: 10,000 workers that begin at once would leave 10 KiB for each.
  '--max-semi-space-size=8',
  // What a process of Node has after its start is near V8's first limit: the whole heap would be collected in the first second of load.
  '--initial-old-space-size=64',
];

/** What Node is started with for a scenario process of this machine. */
export const SCENARIO_FLAGS: readonly string[] = [
  ...IMAGE_FLAGS,
  // V8 would collect the whole heap eight seconds after the start, because not much happens: 50 arrivals would be late.
  '--no-memory-reducer',
];
