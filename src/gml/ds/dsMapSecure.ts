// ds_map_secure_*: maps kept in files and buffers so that a change is noticed. The content is base64 of the SHA-1 digest of
// the map's JSON, 40 hex digits, and then that JSON. It is not GameMaker's own, which fits one device only.

import { getBufferBytes } from '../../buffer/getBufferSize.ts'
import { type NetworkBuffer } from '../../buffer/NetworkBuffer.ts'
import { readBuffer } from '../../buffer/readBuffer.ts'
import { writeValue } from '../../buffer/writeValue.ts'
import { BufferKind } from '../../constants/BufferKind.ts'
import { BufferType } from '../../constants/BufferType.ts'
import { bufferOver } from '../../content/bufferOver.ts'
import { decodeBase64 } from '../../content/decodeBase64.ts'
import { digestBuffer } from '../../content/digestBuffer.ts'
import { encodeBase64 } from '../../content/encodeBase64.ts'
import { loadBufferNow } from '../../content/loadBuffer.ts'
import { saveBufferNow } from '../../content/saveBuffer.ts'
import { wrongType } from '../../errors/argumentErrors.ts'
import { filePath, knownBuffer } from '../buffer/bufferArguments.ts'
import { type GmlNumber } from '../GmlNumber.ts'
import { addMap, mapToChange } from './dsHandles.ts'
import { mapFromJson, mapToJson } from './dsMapJson.ts'
import { type DsMap } from './structures/DsMap.ts'

const digestLength = 40

const encoder = /* @__PURE__ */ new TextEncoder()
const decoder = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * Saves a map, and the maps and lists that it owns, as a file, as `buffer_save` does. `ds_map_secure_load` notices
 * if the file was changed. This is no encryption: anybody can read the content, and who knows how can make it anew.
 * Types are kept as far as `json_encode` keeps them, so arrays come back as lists. GameMaker cannot load the file.
 *
 * @returns whether it is saved; false too if there is no such map
 * @throws RangeError for what `json_encode` does not take; Error in browsers, which have no files
 */
export function ds_map_secure_save(map: GmlNumber, filename: string): boolean {
  const where = 'ds_map_secure_save'
  const found = mapToChange(where, map)
  const path = pathOf(where, filename)
  if (found === undefined) return false
  return saveBufferNow(where, bytesOf(sealed(where, found)), path) === 0
}

/**
 * Loads what `ds_map_secure_save` has saved into a new map.
 *
 * @returns the map's handle; -1 if there is no such file, it was changed, or something else made it
 * @throws Error in browsers, which have no files
 */
export function ds_map_secure_load(filename: string): number {
  const where = 'ds_map_secure_load'
  const loaded = loadBufferNow(where, pathOf(where, filename))
  return typeof loaded === 'number' ? -1 : addOpened(textOf(loaded))
}

/**
 * Writes a map, and the maps and lists that it owns, into a buffer, as `ds_map_secure_save` does into a file: one
 * `buffer_string` at the position, which moves behind it.
 *
 * @returns nothing; -1 if there is no such map or buffer, or the buffer does not take the text
 * @throws RangeError for what `json_encode` does not take, and for an unknown buffer
 */
export function ds_map_secure_save_buffer(id: GmlNumber, buffer: GmlNumber): number | undefined {
  const where = 'ds_map_secure_save_buffer'
  const map = mapToChange(where, id)
  const target = knownBuffer(where, buffer)
  if (map === undefined || target === undefined) return -1
  const failed = writeValue(target, BufferType.string, sealed(where, map)) < 0
  return failed ? -1 : undefined
}

/**
 * Reads what `ds_map_secure_save_buffer` has written, at the position, into a new map, and moves the position behind it.
 * The buffer may come from anybody.
 *
 * @returns the map's handle; -1 if there is no such buffer, or what stands there was changed or is something else. The
 * position then stays
 * @throws RangeError for an unknown buffer
 */
export function ds_map_secure_load_buffer(buffer: GmlNumber): number {
  const source = knownBuffer('ds_map_secure_load_buffer', buffer)
  if (source === undefined) return -1
  const { position, alignOffset } = source
  const map = addOpened(readBuffer(source, BufferType.string))
  if (map < 0) Object.assign(source, { position, alignOffset })
  return map
}

function sealed(where: string, map: DsMap): string {
  const json = mapToJson(where, map)
  return encodeBase64(bytesOf(`${digestOf(encoder.encode(json))}${json}`))
}

/** Makes a map of a sealed text and gives its handle, or -1 if the digest is not that of the rest. */
function addOpened(text: string): number {
  const bytes = decodeBase64(text)
  // One content has several base64 texts, and only one of them is ours.
  if (typeof bytes === 'number' || encodeBase64(bytes) !== text) return -1
  // Over the bytes: several that are no UTF-8 are read as the same text.
  const content = getBufferBytes(bytes)
  const json = content.subarray(digestLength)
  if (decoder.decode(content.subarray(0, digestLength)) !== digestOf(json)) return -1
  const map = mapFromJson(decoder.decode(json))
  return map === undefined ? -1 : addMap(map)
}

function digestOf(json: Uint8Array): string | undefined {
  return digestBuffer(bufferOver(json, BufferKind.fixed), 'sha1')
}

function bytesOf(text: string): NetworkBuffer {
  return bufferOver(encoder.encode(text), BufferKind.fixed)
}

function textOf(buffer: NetworkBuffer): string {
  return decoder.decode(getBufferBytes(buffer))
}

function pathOf(where: string, filename: unknown): string {
  if (typeof filename !== 'string' || filename === '')
    throw wrongType(where, 'filename', 'the path of a file', filename)
  return filePath(where, filename)
}
