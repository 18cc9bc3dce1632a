import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { feedSetting } from './feed.ts';
import { file } from './file.ts';

test('a file has its own name, and starts at the scenario file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'loads-file-'));
  const { baseDir } = feedSetting;
  feedSetting.baseDir = folder;
  try {
    await writeFile(join(folder, 'cat.jpg'), 'meow');
    const cat = await file('./cat.jpg', { type: 'image/jpeg' });
    expect([cat.name, cat.type, cat.size, await cat.text()]).toEqual(['cat.jpg', 'image/jpeg', 4, 'meow']);
    expect((await file('cat.jpg', { name: 'dog.jpg' })).type).toBe('application/octet-stream');
    await expect(file('dog.jpg')).rejects.toThrow();
  } finally {
    feedSetting.baseDir = baseDir;
    await rm(folder, { recursive: true });
  }
});
