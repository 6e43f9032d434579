import {
  buffer_create,
  buffer_delete,
  buffer_exists,
  buffer_get_used_size,
  buffer_grow,
  buffer_seek,
  buffer_seek_start,
  buffer_tell,
  buffer_text,
  buffer_write,
  ds_exists,
  ds_list_add,
  ds_list_create,
  ds_list_destroy,
  ds_list_find_value,
  ds_list_size,
  ds_map_add,
  ds_map_create,
  ds_map_destroy,
  ds_type_list,
  ds_type_map,
  gml_entity,
  json_encode,
  network_create_socket,
  network_destroy,
  network_socket_tcp,
  network_socket_udp,
} from 'bitecs-networking/gml'
import { hexOf } from '../lib/withGml.ts'

/** What handles name: how one is made, what can be seen of it, and how it ends. */
interface Kind {
  readonly make: () => number
  readonly look: (handle: number) => unknown
  readonly end: (handle: number) => void
}

const content = 'content of a buffer'

const buffer: Kind = {
  make: () => {
    const made = buffer_create(content.length, buffer_grow, 1)
    buffer_write(made, buffer_text, content)
    buffer_seek(made, buffer_seek_start, 4)
    return made
  },
  look: (handle) =>
    buffer_exists(handle) && [hexOf(handle), buffer_get_used_size(handle), buffer_tell(handle)],
  end: (handle) => void (buffer_exists(handle) && buffer_delete(handle)),
}

const map: Kind = {
  make: () => {
    const made = ds_map_create()
    ds_map_add(made, 'name', 'content of a map')
    return made
  },
  look: (handle) => ds_exists(handle, ds_type_map) && json_encode(handle),
  end: (handle) => ds_map_destroy(handle),
}

const list: Kind = {
  make: () => {
    const made = ds_list_create()
    ds_list_add(made, 'x', 'y', 'z')
    return made
  },
  look: (handle) =>
    ds_exists(handle, ds_type_list) &&
    Array.from({ length: ds_list_size(handle) }, (_, at) => ds_list_find_value(handle, at)),
  end: (handle) => ds_list_destroy(handle),
}

const tcp: Kind = socketOf(network_socket_tcp)
const udp: Kind = socketOf(network_socket_udp)

function socketOf(type: number): Kind {
  return {
    make: () => network_create_socket(type),
    look: (handle) => gml_entity(handle) >= 0,
    end: network_destroy,
  }
}

/** The parameters that are handles: by name, behind a dot where only one function has it so. */
const handles: readonly (readonly [RegExp, Kind])[] = [
  [/\.(src_|dest_)?buffer(id)?$/, buffer],
  [/^ds_map.*_list\.value$/, list],
  [/^ds_map.*_map\.value$/, map],
  [/^ds_list\w*\.(id|source)$/, list],
  [/^ds_exists\.ind$|^ds_map\w*\.(id|source)$|\.(map|ds_map)$/, map],
  [/^network_(connect\w*|send_broadcast|set_config)\.(socket|value1)$/, tcp],
  [/\.socket$/, udp],
]

/** Arguments that are no handles. Where nothing is named, a number is one of `numbers`. */
const others: readonly (readonly [RegExp, readonly unknown[]])[] = [
  // Port 1 is not everybody's to bind.
  [/^network_create\w*\.port$/, [0]],
  [/^network_set_config\.config_value$/, [8, 1, 99]],
  [/\.url$/, ['127.0.0.1']],
  [/\.json$/, ['{"a":["1","@@nan$$"]}']],
  [/\.filter_func$/, [(_key: unknown, value: unknown) => value]],
  [/\.(string|str)$/, ['AAEC']],
  [/\.(key|option|groupname)$/, ['key']],
  [/\.array$/, [[]]],
]

const numbers: readonly number[] = [1, 0, 2.5]

/** Arguments of one call, with what can be seen of the objects among them. */
export class GmlArguments {
  readonly #made: [Kind, number][] = []
  readonly #fixed: Readonly<Record<string, unknown>>

  /** @param fixed arguments by `function.parameter` or `.parameter` that are the same in every call */
  constructor(fixed: Readonly<Record<string, unknown>>) {
    this.#fixed = fixed
  }

  /** The arguments that a parameter can have; a handle is that of a new object. */
  of(name: string, parameter: string, isNumber: boolean): readonly unknown[] {
    const full = `${name}.${parameter}`
    const fixed = this.#fixed[full] ?? this.#fixed[`.${parameter}`]
    if (fixed !== undefined) return [fixed]
    const kind = handles.find(([pattern]) => pattern.test(full))?.[1]
    if (kind === undefined)
      return others.find(([pattern]) => pattern.test(full))?.[1] ?? (isNumber ? numbers : ['value'])
    const handle = kind.make()
    this.#made.push([kind, handle])
    return [handle]
  }

  /** What can be seen of the objects that were made. */
  look(): unknown[] {
    return this.#made.map(([kind, handle]) => kind.look(handle))
  }

  /** Ends the objects that were made. */
  end(): void {
    for (const [kind, handle] of this.#made) kind.end(handle)
  }
}
