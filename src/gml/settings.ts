// Where GameMaker's own sources disagree, one setting each chooses whom to follow.

import { show } from '../errors/argumentErrors.ts'

/** The choices of the `gml` face, for the whole process. `gml_setting` changes one, `gml_profile` all of them. */
export interface GmlSettings {
  /**
   * The keys of `async_load`. `'all'`: those of the 2018 manual and of today's together. `'manual'`: today's, so no
   * `succeeded` on connect and disconnect, and no `socket` on a non-blocking connect. `'2018'`: without `server` and
   * `message_type`. `'html5'`: today's without `server`; the `message_type` of a server's clients is `undefined`.
   */
  event_keys: 'all' | 'manual' | '2018' | 'html5'
  /**
   * The key `port` on the events of a server's clients. `'peer'`: the client's. `'listening'`: the server's, and the key
   * `other_port` has the client's, as in the HTML5 runner. There the data events of a TCP or WebSocket client have
   * `other_port` too, the same as `port`.
   */
  event_port: 'peer' | 'listening'
  /** The key `ip` on the events of a client: its server's numeric address, or the text that was given to connect. */
  event_ip: 'numeric' | 'given'
  /** The kind of the buffer of a data event: `buffer_grow` says the manual, `buffer_fixed` does the HTML5 runner. */
  event_buffer: 'grow' | 'fixed'
  /** Whether a client hears a disconnect event when its server goes. The manual says no; some runners were seen to. */
  client_disconnect: boolean
  /**
   * Bytes that are no packet on a packet connection. `'discard'`: dropped with a warning, as native runners do. `'raw'`:
   * delivered as one data event, as the HTML5 runner does. `'close'`: they end the connection.
   */
  malformed: 'discard' | 'raw' | 'close'
  /** Whether servers turn clients away above `max_client`. The HTML5 runner does not. */
  max_client: 'enforced' | 'ignored'
  /**
   * What `network_send_packet` and `network_send_udp` return for n bytes. `'by_type'`: n + 12, but n over WebSocket, as
   * native runners were measured to. `'with_header'`: n + 12, as the manual says. `'payload'`: n, as the HTML5 runner.
   */
  packet_result: 'by_type' | 'with_header' | 'payload'
  /**
   * What is sent between `network_connect` and the moment when the socket is connected. `'kept'`: it waits, in order and
   * within the limit of the socket's send queue, and leaves then; GameMaker's `network_connect` has waited by then.
   * `'refused'`: -1, as after `network_connect_async`.
   */
  early_sends: 'kept' | 'refused'
  /**
   * Whose outcome is an event of type `network_type_non_blocking_connect`. `'non_blocking'`: that of `network_connect_async`
   * and, after `network_config_use_non_blocking_socket`, that of `network_connect`; as in GameMaker. `'always'`: both.
   */
  connect_event: 'non_blocking' | 'always'
  /** A network function with a socket that does not exist: returns -1, or throws as native runners do. */
  unknown_socket: 'result' | 'error'
  /** A buffer function with a buffer that does not exist: throws, or returns what the HTML5 runner does. */
  unknown_buffer: 'error' | 'result'
  /**
   * A ds_map or ds_list function with a structure that does not exist: answers as for an empty one, or throws as native
   * runners do. Reading -1, which `async_load` is outside its event, never throws.
   */
  unknown_structure: 'result' | 'error'
  /** `buffer_read` past the end: throws, or returns -3, for strings `''`, as the HTML5 runner. */
  past_end: 'error' | 'result'
  /** `buffer_seek` outside the buffer: kept inside as the manual says, or not kept from going past the end, as HTML5. */
  seek: 'clamp' | 'free'
  /** Numbers written as `buffer_bool`: true above 0.5 as in GML, or only 1, as the HTML5 runner. */
  bool: 'truthy' | 'one'
  /** What a `buffer_bool` is read as: true and false as in the HTML5 runner, or 1 and 0 as the manual says. */
  bool_read: 'boolean' | 'number'
  /** What a `buffer_u64` is read as, a bigint in either case: 0 and up, or GameMaker's int64, which may be negative. */
  u64: 'unsigned' | 'signed'
  /**
   * What functions return that have no result, or true or false. `'html5'`: `network_destroy` of a socket that was used
   * and `buffer_delete` 0, `buffer_exists` 1 or 0, as the HTML5 runner.
   */
  results: 'manual' | 'html5'
  /** The most bytes that `buffer_decompress` makes; a larger result is a failure. No choice of GameMaker's. */
  decompress_bytes_max: number
}

/** Whom the settings follow. */
export type GmlProfile = 'default' | 'manual' | 'html5' | 'native' | '2018'

const byDefault: GmlSettings = {
  event_keys: 'all',
  event_port: 'peer',
  event_ip: 'numeric',
  event_buffer: 'grow',
  client_disconnect: false,
  malformed: 'discard',
  max_client: 'enforced',
  packet_result: 'by_type',
  early_sends: 'kept',
  connect_event: 'non_blocking',
  unknown_socket: 'result',
  unknown_buffer: 'error',
  unknown_structure: 'result',
  past_end: 'error',
  seek: 'clamp',
  bool: 'truthy',
  bool_read: 'boolean',
  u64: 'unsigned',
  results: 'manual',
  decompress_bytes_max: 64 * 1024 * 1024,
}

/** What each profile changes. */
const profiles: Record<GmlProfile, Partial<GmlSettings>> = {
  default: {},
  manual: {
    event_keys: 'manual',
    packet_result: 'with_header',
    bool_read: 'number',
    u64: 'signed',
  },
  native: {
    event_keys: 'manual',
    unknown_socket: 'error',
    unknown_structure: 'error',
    bool_read: 'number',
    u64: 'signed',
  },
  html5: {
    event_keys: 'html5',
    event_port: 'listening',
    event_ip: 'given',
    event_buffer: 'fixed',
    malformed: 'raw',
    max_client: 'ignored',
    packet_result: 'payload',
    unknown_buffer: 'result',
    past_end: 'result',
    seek: 'free',
    bool: 'one',
    u64: 'signed',
    results: 'html5',
  },
  '2018': { event_keys: '2018' },
}

/** The values that a setting can have, where it is one of several. */
const choices: { readonly [Name in keyof GmlSettings]?: readonly GmlSettings[Name][] } = {
  event_keys: ['all', 'manual', '2018', 'html5'],
  event_port: ['peer', 'listening'],
  event_ip: ['numeric', 'given'],
  event_buffer: ['grow', 'fixed'],
  client_disconnect: [false, true],
  malformed: ['discard', 'raw', 'close'],
  max_client: ['enforced', 'ignored'],
  packet_result: ['by_type', 'with_header', 'payload'],
  early_sends: ['kept', 'refused'],
  connect_event: ['non_blocking', 'always'],
  unknown_socket: ['result', 'error'],
  unknown_buffer: ['error', 'result'],
  unknown_structure: ['result', 'error'],
  past_end: ['error', 'result'],
  seek: ['clamp', 'free'],
  bool: ['truthy', 'one'],
  bool_read: ['boolean', 'number'],
  u64: ['unsigned', 'signed'],
  results: ['manual', 'html5'],
}

/** The settings in force. */
export const settings: GmlSettings = { ...byDefault }

let profile: GmlProfile = 'default'

/**
 * Changes one setting for the whole process; GameMaker has no such function. A setting of sockets (`malformed`,
 * `max_client`) holds for those made afterwards.
 *
 * @returns the value before
 * @throws TypeError or RangeError for a setting or a value that does not exist
 */
export function gml_setting<Name extends keyof GmlSettings>(
  name: Name,
  value: GmlSettings[Name],
): GmlSettings[Name] {
  const where = 'gml_setting'
  if (typeof name !== 'string' || !Object.hasOwn(byDefault, name))
    throw new TypeError(`${where}: there is no setting ${show(name)}`)
  const allowed: readonly unknown[] | undefined = choices[name]
  const isAllowed = allowed === undefined ? isByteCount(value) : allowed.includes(value)
  if (!isAllowed) {
    const expected = allowed?.map(show).join(' or ') ?? 'a whole number of bytes, 1 or more'
    throw new RangeError(`${where}: ${name} must be ${expected}, got ${show(value)}`)
  }
  const before = settings[name]
  settings[name] = value
  return before
}

/**
 * Sets all settings together for the whole process; GameMaker has no such function. `'default'`: the 2018 manual with
 * what came later added. `'manual'`: today's manual. `'native'`: today's manual, with what native runners were seen to
 * do. `'html5'`: the HTML5 runner. `'2018'`: the manual of 2018.
 *
 * @returns the profile before
 * @throws RangeError for a profile that does not exist
 */
export function gml_profile(name: GmlProfile): GmlProfile {
  if (!Object.hasOwn(profiles, name)) {
    const names = Object.keys(profiles).map(show).join(', ')
    throw new RangeError(`gml_profile: name must be one of ${names}, got ${show(name)}`)
  }
  Object.assign(settings, byDefault, profiles[name])
  const before = profile
  profile = name
  return before
}

function isByteCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value < 2 ** 31
}
