import { spawn } from 'node:child_process';
import { Agent } from 'node:http';
import { Duplex } from 'node:stream';

/**
 * HTTP connections to a container engine through the `ssh` command, as the `docker` command makes them: the keys, known
 * hosts and configuration of the user hold. A connection is kept for further requests, since each costs a login.
 */
export function sshConnections(destination: readonly string[], connections: number): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  agent.createConnection = () => connectionTo(destination);
  return agent;
}

function connectionTo(destination: readonly string[]): Duplex {
  const args = ['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', '-T', ...destination];
  const child = spawn('ssh', [...args, 'docker', 'system', 'dial-stdio'], { stdio: ['pipe', 'pipe', 'pipe'] });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-1000);
  });
  const connection = Duplex.from({ readable: child.stdout, writable: child.stdin });
  child.once('error', (error) => connection.destroy(error));
  child.once('exit', (code) => {
    if (code !== 0 && code !== null) connection.destroy(new Error(complaints.trim() || `ssh ended with ${code}`));
  });
  connection.once('close', () => child.kill());
  // A pipe has nothing to set, and http asks for it all the same. An idle connection keeps no process alive.
  const unset = (): Duplex => connection;
  const pipes = [child, child.stdin, child.stdout, child.stderr] as readonly Countable[];
  const ref = (): void => {
    for (const one of pipes) one.ref?.();
  };
  const unref = (): void => {
    for (const one of pipes) one.unref?.();
  };
  return Object.assign(connection, { setKeepAlive: unset, setNoDelay: unset, setTimeout: unset, ref, unref });
}

/** What keeps the process alive or not: a child, and the pipes to it, which are sockets. */
type Countable = { ref?(): void; unref?(): void };
