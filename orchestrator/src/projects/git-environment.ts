import { GIT_PROTOCOLS } from './repository-url.ts';

/** Who asks for a private repository over https. The token is all of the secret; most hosts take any user name with it. */
export type GitCredentials = { readonly user: string; readonly token: string };

/** What points git at another repository than the one it is to make: set where `loads` runs inside of a hook. */
const OF_ANOTHER = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_COMMON_DIR',
  'GIT_PREFIX',
];

/**
 * The environment of git: it asks nobody anything, uses no transport but those that are allowed, and gets the token as a
 * header by its environment, which is in no argument, no file and no log. With a token it follows no redirect: that
 * would carry the token to another host.
 */
export function gitEnvironment(
  env: NodeJS.ProcessEnv,
  url: string,
  credentials: GitCredentials | undefined,
): NodeJS.ProcessEnv {
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => !OF_ANOTHER.includes(name)));
  const settings: readonly (readonly [string, string])[] = [
    // Nothing of the repository, or of this user's templates, is to run while it is fetched.
    ['core.hooksPath', '/dev/null'],
    ['core.fsmonitor', 'false'],
    ['protocol.ext.allow', 'never'],
    ...(credentials !== undefined && url.startsWith('https:') ? authorization(url, credentials) : []),
  ];
  // Settings that came by the environment stay, before ours.
  const first = Number(env.GIT_CONFIG_COUNT ?? 0) || 0;
  const added = settings.flatMap(([key, value], i) => [
    [`GIT_CONFIG_KEY_${first + i}`, key],
    [`GIT_CONFIG_VALUE_${first + i}`, value],
  ]);
  return {
    ...kept,
    ...Object.fromEntries(added),
    GIT_CONFIG_COUNT: String(first + settings.length),
    GIT_ALLOW_PROTOCOL: GIT_PROTOCOLS.join(':'),
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: 'false',
    SSH_ASKPASS: 'false',
    SSH_ASKPASS_REQUIRE: 'force',
    LC_ALL: 'C',
  };
}

function authorization(url: string, { user, token }: GitCredentials): readonly (readonly [string, string])[] {
  const { origin } = new URL(url);
  const basic = Buffer.from(`${user}:${token}`).toString('base64');
  return [
    [`http.${origin}/.extraHeader`, `Authorization: Basic ${basic}`],
    ['http.followRedirects', 'false'],
  ];
}
