import { GenericContainer, type StartedNetwork, Wait } from 'testcontainers';
import { type InfluxServer, queryInflux } from '../servers/influx.ts';
import { TEST_LABELS } from '../support/docker.ts';

const PORT = 8086;

/** An InfluxDB in a container, set up by its environment as the one of docker-compose.yml is. */
export type InfluxContainer = Pick<InfluxServer, 'url' | 'bucket' | 'org' | 'token' | 'query'> &
  AsyncDisposable & {
    /** Where the containers of its network find it. */
    readonly urlInside: string;
  };

/** Starts `influxdb:2.7` on a network, under the name `influxdb`. */
export async function startInfluxContainer(network: StartedNetwork): Promise<InfluxContainer> {
  const [bucket, org, token] = ['loads', 'loads', 'token-of-a-test'];
  const container = await new GenericContainer('influxdb:2.7')
    .withLabels({ ...TEST_LABELS })
    .withNetwork(network)
    .withNetworkAliases('influxdb')
    .withEnvironment({
      DOCKER_INFLUXDB_INIT_MODE: 'setup',
      DOCKER_INFLUXDB_INIT_USERNAME: 'loads',
      DOCKER_INFLUXDB_INIT_PASSWORD: 'password-of-a-test',
      DOCKER_INFLUXDB_INIT_ORG: org,
      DOCKER_INFLUXDB_INIT_BUCKET: bucket,
      DOCKER_INFLUXDB_INIT_ADMIN_TOKEN: token,
    })
    .withExposedPorts(PORT)
    .withWaitStrategy(Wait.forHttp('/health', PORT))
    .start();
  const url = `http://${container.getHost()}:${container.getMappedPort(PORT)}`;
  return {
    url,
    urlInside: `http://influxdb:${PORT}`,
    bucket,
    org,
    token,
    query: (influxql) => queryInflux({ url, bucket, token }, influxql),
    async [Symbol.asyncDispose]() {
      await container.stop();
    },
  };
}
