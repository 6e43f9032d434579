/** What a recording begins with, and its version. */
export const magic = 'bnrecord'
export const version = 1
/** Magic, and the version as a number of 32 bits. */
export const fileHeadBytes = 12
/** Length and checksum of a block. */
export const blockHeadBytes = 8
/** Set in the code of an entry without a time: an output, or an input that came while the program was running. */
export const nestedBit = 0x80
/** A larger block is damage: none is written, since one tick's memory is limited. */
export const blockBytesMax: number = 2 ** 30
