import { Argument, type Command } from 'commander';
import { Engine } from '../engine/engine.ts';
import { buildImage } from '../images/build-image.ts';
import { IMAGES } from '../images/image.ts';
import { sourceRevision } from '../images/source-revision.ts';
import { type CliContext, refuseCommand } from './cli-context.ts';
import { addOutputOptions, type OutputFlags, terminalOf } from './output-options.ts';

type ImagesFlags = OutputFlags & { readonly baseImage?: string };

/** Adds `loads images build`. */
export function addImages(loads: Command, context: CliContext): void {
  const images = loads
    .command('images')
    .description('build the images that nodes run in')
    .addArgument(new Argument('<action>', 'what to do with them').choices(['build']))
    .option('--base-image <image>', 'what they stand on (default: node:24-bookworm-slim)');
  addOutputOptions(images).action(async (_action: string, flags: ImagesFlags) => {
    const terminal = terminalOf(flags, context);
    refuseCommand(context, 'images');
    const engine = await Engine.connect(undefined, context.env);
    for (const image of Object.values(IMAGES)) {
      const { id, tags } = await buildImage(engine, image, {
        baseImage: flags.baseImage,
        revision: await sourceRevision(image),
        onLine: (line) => terminal.detail(line),
      });
      const shortId = id.replace(/^sha256:/, '').slice(0, 12);
      terminal.result([`${tags.join(', ')} ${terminal.paint.faint(shortId)}`], { type: 'image', id, tags });
    }
    context.exit(0);
  });
}
