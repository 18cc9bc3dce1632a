// Puts the script and the style of reports where `loads report` looks for them (npm run build).
import { mkdir, writeFile } from 'node:fs/promises';
import { ASSETS_FOLDER } from './browser-assets.ts';
import { bundleBrowser } from './bundle-browser.ts';

const { script, styles } = await bundleBrowser();
await mkdir(ASSETS_FOLDER, { recursive: true });
await writeFile(new URL('report.js', ASSETS_FOLDER), script);
await writeFile(new URL('report.css', ASSETS_FOLDER), styles);
