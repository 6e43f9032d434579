// Who may import whom. oxlint.config.mjs holds it, and docs/architecture.md shows the same list.

const ground = ['src/constants', 'src/errors']
const pure = [...ground, 'src/buffer', 'src/protocol/**']
const warnings = [...ground, 'src/buffer', 'src/protocol', 'src/clock']
const transport = [...ground, 'src/clock', 'src/protocol/webSocket']
const socket = [
  ...pure,
  'src/clock',
  'src/warnings',
  'src/config',
  'src/event',
  'src/transport',
  'components',
]
const engine = ['everything above', 'not src/content/**', 'not src/transport/*']
const gml = [
  'bitecs',
  '#platform',
  '#files',
  'everything above',
  'not src/content/node',
  'not src/index.ts',
  'not src/replication.ts',
  'not src/traffic.ts',
]
const program = ['anything', 'not src/**', 'not components/**', 'not systems/**']

/**
 * The rooms from the ground up. A room imports its own files and what its line names, and a line names only
 * rooms above it. A folder in a room is a room of its own, but for rooms that may import anything.
 *
 * - `src/protocol` is the files of that folder, `src/protocol/*` its folders, `src/protocol/**` both.
 * - `everything above` is every room above; `not src/content` leaves one out.
 * - `EntityId of bitecs` is that name and no other.
 * - `anything` is no limit but the paths that `not` names.
 *
 * A room with `*` in its name is imported as `#codecs` and the like (package.json's "imports"), never by its path.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const floors = {
  'src/constants': [],
  'src/errors': ['src/constants'],
  'src/clock': ground,
  'src/buffer': ground,
  'src/bits': [],
  'src/replication': [...ground, 'src/buffer', 'src/bits'],
  'src/replication/shown': ['src/replication'],
  'src/protocol': [...ground, 'src/buffer'],
  'src/protocol/webSocket': [...ground, 'src/buffer', 'src/protocol'],
  'src/protocol/webSocket/messageRun.*.ts': [
    ...ground,
    'src/buffer',
    'src/protocol',
    'src/protocol/webSocket',
  ],
  'src/protocol/reliable': [...ground, 'src/buffer', 'src/protocol'],
  'src/warnings': warnings,
  'src/transport': transport,
  'src/transport/node': ['node:*', 'ws', ...transport, 'src/transport'],
  'src/transport/browser': [...transport, 'src/transport'],
  'src/transport/memory': [...transport, 'src/transport'],
  'src/config': [...ground, 'src/clock', 'src/protocol/**', 'src/warnings', 'src/transport'],
  'src/event': ['EntityId of bitecs', '#messageRun', ...pure, 'src/config'],
  'src/content/node': ['node:*'],
  'src/content/{codecs,files}.*.ts': [
    'node:*',
    'pako',
    '@noble/hashes/**',
    'src/buffer',
    'src/content/node',
  ],
  'src/content': ['#codecs', '#files', ...ground, 'src/buffer'],
  'src/traffic': ['EntityId of bitecs', ...ground, 'src/buffer', 'src/protocol', 'src/event'],
  'src/entities': ['bitecs', ...ground, 'src/clock', 'src/warnings'],
  components: ['bitecs', ...ground, 'src/buffer', 'src/event', 'src/entities'],
  'src/socket': ['EntityId of bitecs', '#platform', '#messageRun', ...socket],
  'src/socket/udp': ['EntityId of bitecs', '#platform', ...socket, 'src/socket'],
  'src/network': ['bitecs', '#platform', ...engine],
  'src/replicator': [
    'bitecs',
    ...ground,
    'src/bits',
    'src/replication/**',
    'src/clock',
    'src/warnings',
    'src/event',
    'src/entities',
    'components',
    'src/socket',
    'src/network',
  ],
  systems: [
    'bitecs',
    ...ground,
    'src/config',
    'src/event',
    'src/entities',
    'components',
    'src/socket',
    'src/network',
    'src/replicator',
  ],
  'src/api': ['bitecs', '#platform', '#datagrams', ...engine],
  'src/index.ts': ['everything above'],
  'src/replication.ts': ['src/replication', 'components', 'src/replicator', 'systems'],
  'src/traffic.ts': ['src/protocol', 'src/api', 'src/traffic'],
  'src/gml': gml,
  'src/gml/buffer': gml,
  'src/gml/ds/structures': [...ground, 'src/buffer'],
  'src/gml/ds': gml,
  'src/gml/event': gml,
  'src/gml/network': gml,
  'src/gml.ts': ['src/gml/**'],
  'src/recording': [
    'bitecs',
    '#platform',
    ...ground,
    'src/buffer',
    'src/clock',
    'src/config',
    'src/protocol/**',
    'src/event',
    'src/network',
    'src/transport',
  ],
  'src/recording.ts': ['src/recording'],
  'src/simulation': [
    'bitecs',
    '#platform',
    ...ground,
    'src/clock',
    'src/buffer',
    'src/protocol/webSocket',
    'src/warnings',
    'src/config',
    'src/event',
    'components',
    'src/network',
    'systems',
    'src/transport',
    'src/transport/memory',
    'src/api',
    'src/recording',
  ],
  'src/simulation.ts': ['src/simulation'],
  'src/testing': ['bitecs', '#platform', 'src/index.ts'],
  'src/testing.ts': ['src/testing'],
  'src/cli': [
    'bitecs',
    'node:*',
    'src/index.ts',
    'src/traffic.ts',
    'src/simulation.ts',
    'src/recording.ts',
  ],
  demos: program,
  bench: program,
  test: ['anything'],
}
