import type { Secret } from './source/value.ts';

/** Names of headers, parameters and fields whose values are nobody's business. */
const SECRET =
  /authori[sz]ation|password|passwd|passphrase|secret|token|credential|api-?_?key|access-?_?key|session-?_?id|csrf|xsrf|signature|^(auth|pwd|pin|sig|jwt|otp|cvv|cvc)$/i;
/** Words that are about such a value, and none. */
const HARMLESS = /^(x-)?(token[-_]?type|grant[-_]?type|.*[-_]?expires?([-_]?in)?)$/i;

/** Whether a value of this name is a secret. */
export function isSecretName(name: string): boolean {
  return SECRET.test(name) && !HARMLESS.test(name);
}

/** Gives a variable of the environment to every secret: the same for the same value under the same name. */
export class Secrets {
  readonly #byValue = new Map<string, string>();
  readonly #names = new Set<string>();

  /** The secret that stands for a value; undefined for an empty one, which hides nothing. */
  take(name: string, value: string): Secret {
    const words = name.replaceAll(/([a-z\d])([A-Z])/g, '$1_$2');
    const base =
      words
        .toUpperCase()
        .replaceAll(/[^A-Z0-9]+/g, '_')
        .replaceAll(/^[_\d]+|_+$/g, '') || 'SECRET';
    const key = `${base}\n${value}`;
    let variable = this.#byValue.get(key);
    if (variable === undefined) {
      variable = base;
      for (let i = 2; this.#names.has(variable); i++) variable = `${base}_${i}`;
      this.#names.add(variable);
      this.#byValue.set(key, variable);
    }
    return { kind: 'secret', name: variable };
  }

  /** The variables, in the order in which they were given out. */
  get names(): readonly string[] {
    return [...this.#names];
  }
}
