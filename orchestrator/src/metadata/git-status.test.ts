import { expect, test } from 'vitest';
import type { GitMetadata } from '../store/run-metadata.ts';
import { parseGitStatus } from './git-status.ts';

const OID = '90be0cb2f8d3a4a7a2c1c2c3c4c5c6c7c8c9c0aa';

test.each<[string, string, GitMetadata | undefined]>([
  ['a clean branch', `# branch.oid ${OID}\n# branch.head main\n`, { revision: OID, branch: 'main', dirty: false }],
  [
    'a changed file, and one that is ahead',
    `# branch.oid ${OID}\n# branch.head f/x\n# branch.upstream origin/main\n# branch.ab +1 -0\n1 .M N... 100644 100644 100644 ${OID} ${OID} a b.ts\n`,
    { revision: OID, branch: 'f/x', dirty: true },
  ],
  [
    'a renamed file',
    `# branch.oid ${OID}\n# branch.head m\n2 R. N... 1 1 1 ${OID} ${OID} R100 b\ta\n`,
    { revision: OID, branch: 'm', dirty: true },
  ],
  [
    'a conflict',
    `# branch.oid ${OID}\n# branch.head m\nu UU N... 1 1 1 1 a b c x\n`,
    { revision: OID, branch: 'm', dirty: true },
  ],
  [
    'files that git does not know',
    `# branch.oid ${OID}\n# branch.head m\n? new.ts\n! dist\n`,
    { revision: OID, branch: 'm', dirty: false },
  ],
  ['no branch', `# branch.oid ${OID}\n# branch.head (detached)\n`, { revision: OID, dirty: false }],
  ['no commit yet', '# branch.oid (initial)\n# branch.head main\n', { branch: 'main', dirty: false }],
  ['nothing of git', 'fatal: not a git repository\n', undefined],
  ['nothing', '', undefined],
])('%s', (_, text, expected) => {
  expect(parseGitStatus(text)).toEqual(expected);
});
