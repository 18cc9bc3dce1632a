import { dirname, resolve } from 'node:path';
import type { MethodDefinition, PackageDefinition, ServiceDefinition } from '@grpc/proto-loader';
import { didYouMean, LoadsError } from '@loads/core';
import { feedSetting } from '../api/feed.ts';

/** A method as it is called: its messages and its kind. */
export type Method = MethodDefinition<object, object>;

/** The methods of some .proto files, by `package.Service/Method`. */
export type Methods = ReadonlyMap<string, Method>;

const loaded = new Map<string, Promise<Methods>>();

/**
 * Reads .proto files, once in a process. Paths start at the scenario file. Throws ERR_SCENARIO_LOAD for a file that is not
 * there or cannot be read.
 */
export function loadProto(proto: string | readonly string[], includeDirs?: readonly string[]): Promise<Methods> {
  const files = [proto].flat().map((path) => resolve(feedSetting.baseDir, path));
  const folders = includeDirs?.map((path) => resolve(feedSetting.baseDir, path)) ?? files.map((file) => dirname(file));
  const key = JSON.stringify([files, folders]);
  let methods = loaded.get(key);
  if (methods === undefined) {
    methods = read(files, folders);
    loaded.set(key, methods);
  }
  return methods;
}

async function read(files: readonly string[], includeDirs: readonly string[]): Promise<Methods> {
  const { load } = await import('@grpc/proto-loader');
  try {
    const definition = await load([...files], {
      keepCase: true,
      longs: String,
      enums: String,
      defaults: true,
      oneofs: true,
      includeDirs: [...includeDirs],
    });
    return methodsOf(definition);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new LoadsError('ERR_SCENARIO_LOAD', `${files.join(', ')} cannot be read: ${reason}`, { cause });
  }
}

function methodsOf(definition: PackageDefinition): Methods {
  const services = Object.entries(definition).filter((entry): entry is [string, ServiceDefinition] => {
    const [, one] = entry;
    return typeof one.format !== 'string';
  });
  return new Map(
    services.flatMap(([service, methods]) =>
      Object.entries(methods).map(([name, method]) => [`${service}/${name}`, method] as const),
    ),
  );
}

/** The kinds of calls. */
export type CallKind = 'call' | 'serverStream' | 'clientStream' | 'duplex';

/** The method of a name and kind. Throws a TypeError when there is none. */
export function methodOf(methods: Methods, wanted: string, kind: CallKind): Method {
  const name = wanted.replace(/^\//, '');
  const method = methods.get(name);
  if (!method) {
    const hint = didYouMean(name, [...methods.keys()]);
    throw new TypeError(`there is no method '${name}'${hint === undefined ? '' : `; did you mean '${hint}'?`}`);
  }
  const actual = kindOf(method);
  if (actual !== kind) throw new TypeError(`${name} is called by \`${actual}\`, not by \`${kind}\``);
  return method;
}

function kindOf({ requestStream, responseStream }: Method): CallKind {
  if (requestStream) return responseStream ? 'duplex' : 'clientStream';
  return responseStream ? 'serverStream' : 'call';
}
