/**
 * Calls `restore` whenever the terminal passes to somebody else while the display still has it: the process is
 * suspended (Ctrl-Z), quit (Ctrl-\), or ends by an error. Gives what ends the guard.
 */
export function guardScreen(restore: () => void): () => void {
  const suspend = (): void => {
    restore();
    process.kill(process.pid, 'SIGSTOP');
  };
  const quit = (): void => {
    release();
    restore();
    process.kill(process.pid, 'SIGQUIT');
  };
  const release = (): void => {
    process.off('exit', restore).off('SIGTSTP', suspend).off('SIGQUIT', quit);
  };
  process.on('exit', restore).on('SIGTSTP', suspend).on('SIGQUIT', quit);
  return release;
}
