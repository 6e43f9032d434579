import { crc32 } from '../buffer/crc32.ts'
import { isObject } from '../errors/isObject.ts'
import { type Entry } from './entries.ts'
import { EntryError, EntryReader } from './EntryReader.ts'
import { RecordingError } from './RecordingError.ts'
import { type RecordingHead } from './RecordingHead.ts'
import { blockBytesMax, blockHeadBytes, fileHeadBytes, magic, version } from './recordingFormat.ts'

/** Reads a recording from its beginning. */
export class RecordingFile {
  readonly head: RecordingHead
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #entries = new EntryReader()
  #at = fileHeadBytes
  /** Where the block begins that is being read. */
  #blockAt = 0
  #isEnded = false

  /** @throws RecordingError unless the bytes begin as a recording */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (bytes.length < fileHeadBytes || new TextDecoder().decode(bytes.subarray(0, 8)) !== magic)
      throw new RecordingError('This is no recording', 0)
    const found = this.#view.getUint32(8, true)
    if (found !== version)
      throw new RecordingError(`Version ${found} is not ${version}, which is known here`, 8)
    this.head = readHead(this.#nextBlock())
  }

  /** Whether the recording was ended, and nothing is missing, as far as it has been read. */
  get isEnded(): boolean {
    return this.#isEnded
  }

  /** How much has been read, in bytes. */
  get offset(): number {
    return this.#at
  }

  /**
   * The next entry; `undefined` after the last.
   *
   * @throws RecordingError where the recording is damaged or ends without its last entry
   */
  next(): Entry | undefined {
    if (this.#isEnded) return undefined
    try {
      for (;;) {
        const entry = this.#entries.next()
        if (entry === undefined) this.#entries.use(this.#nextBlock())
        else {
          this.#isEnded = entry.name === 'end'
          return entry
        }
      }
    } catch (error) {
      if (error instanceof EntryError)
        throw new RecordingError(`A block cannot be read: ${error.message}`, this.#blockAt)
      throw error
    }
  }

  #nextBlock(): Uint8Array {
    this.#blockAt = this.#at
    const left = this.#bytes.length - this.#at
    if (left < blockHeadBytes) throw new RecordingError('The rest is missing', this.#at)
    const size = this.#view.getUint32(this.#at, true)
    if (size > blockBytesMax) throw new RecordingError('A block cannot be so large', this.#at)
    if (size > left - blockHeadBytes)
      throw new RecordingError('The rest of a block is missing', this.#at)
    const start = this.#at + blockHeadBytes
    const block = this.#bytes.subarray(start, start + size)
    if (crc32(0, block, 0) !== this.#view.getUint32(this.#at + 4, true))
      throw new RecordingError('The checksum of a block is wrong', this.#at)
    this.#at = start + size
    return block
  }
}

function readHead(block: Uint8Array): RecordingHead {
  let head: unknown
  try {
    head = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(block))
  } catch {
    throw new RecordingError('The first block is no JSON', fileHeadBytes)
  }
  if (!isHead(head))
    throw new RecordingError('The first block is no head of a recording', fileHeadBytes)
  return head
}

function isHead(value: unknown): value is RecordingHead {
  const { startUs, settings, transports } = Object(value) as Partial<RecordingHead>
  return (
    typeof startUs === 'number' &&
    isObject(settings) &&
    Array.isArray(transports) &&
    transports.every((each: unknown) => {
      const { type, capabilities } = Object(each) as Partial<RecordingHead['transports'][number]>
      return typeof type === 'number' && isObject(capabilities)
    })
  )
}
