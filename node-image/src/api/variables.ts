/** Tells the other processes of the node of a new value. */
export type Announce = (name: string, value: unknown) => void;

/** Variables that all workers of a node share. Their values reach its other processes as JSON, a moment later. */
export class Variables {
  readonly #values = new Map<string, unknown>();
  #announce: Announce = () => undefined;

  /** From now on new values are announced. */
  connect(announce: Announce): void {
    this.#announce = announce;
  }

  set(name: string, value: unknown): void {
    this.#values.set(name, value);
    // What is no JSON, such as a connection, can be of no use elsewhere.
    if (isJson(value)) this.#announce(name, value);
  }

  /** A value that another process has set. */
  receive(name: string, value: unknown): void {
    this.#values.set(name, value);
  }

  get(name: string, factory?: () => unknown): unknown {
    if (!this.#values.has(name) && factory) this.set(name, factory());
    return this.#values.get(name);
  }
}

function isJson(value: unknown): boolean {
  try {
    return JSON.stringify(value) !== undefined;
  } catch {
    return false;
  }
}

/** The variables of this process. */
export const variables: Variables = new Variables();

/**
 * Sets a variable that all workers of this node share. It reaches the node's other processes as JSON, a moment later; one that is
 * no JSON stays in its process. What `setup` sets, the processes of node 1 have before their load begins.
 */
export function setVar(name: string, value: unknown): void {
  variables.set(name, value);
}

/** A variable that all workers of this node share; `factory` makes its value when it has none yet. */
export function getVar(name: string, factory?: () => unknown): unknown {
  return variables.get(name, factory);
}
