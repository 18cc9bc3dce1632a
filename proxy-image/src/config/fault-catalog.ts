import type { FaultCatalog } from '@loads/core';
import { readSetting } from '../control/behavior-setting.ts';
import { readProxySettings, SETTING_FIELDS } from '../control/proxy-settings.ts';
import { protocols } from '../protocols/registry.ts';
import { idleTlsKeys, PEM_KEYS, type ReadText, readPems } from './pem-files.ts';

const OWN: ReadonlySet<string> = new Set([...Object.keys(SETTING_FIELDS), ...PEM_KEYS]);

/** What a proxy of `vaurien` has and one of a run cannot have, with the reason. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  proxy: 'a proxy of a node listens on a free port of its loopback, which the scenario is told',
  schedule: 'the schedule of a run is `chaos`',
};

/** What the proxies can do, for the configuration of a run. Knows every behavior and protocol that is registered by then. */
export function faultCatalog(readText: ReadText): FaultCatalog {
  return {
    get protocols() {
      return [...protocols.keys()];
    },
    parse(spec, options, protocol) {
      const setting = readSetting(spec, options, { protocol, defaults: {} });
      if ('problems' in setting) return setting;
      const { behaviors, scope, match } = setting;
      return { behaviors, ...(scope && { scope }), ...(match && { match }) };
    },
    proxy(given, protocol) {
      const own = Object.fromEntries(Object.entries(given).filter(([key]) => OWN.has(key)));
      const rest = Object.entries(given).filter(([key]) => !OWN.has(key) && !Object.hasOwn(ELSEWHERE, key));
      const settings = readProxySettings(own, protocol, {});
      const { tls, ca, problems } = readPems(own, readText);
      const misplaced = Object.keys(given).flatMap((key) => {
        const message = Object.hasOwn(ELSEWHERE, key) ? ELSEWHERE[key] : undefined;
        return message === undefined ? [] : [{ path: [key], message }];
      });
      const found = [
        ...('problems' in settings ? settings.problems : []),
        ...problems,
        ...idleTlsKeys(own),
        ...misplaced,
      ];
      if ('problems' in settings || found.length > 0)
        return { settings: undefined, rest: Object.fromEntries(rest), problems: found };
      const backendTls = settings.backendTls && { ...settings.backendTls, ...(ca !== undefined && { ca }) };
      return {
        settings: { ...settings, ...(tls && { tls }), ...(backendTls && { backendTls }) },
        rest: Object.fromEntries(rest),
        problems: [],
      };
    },
  };
}
