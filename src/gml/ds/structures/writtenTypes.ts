// The texts of ds_map_write and ds_list_write: bytes as upper-case hex, all numbers little-endian, as GameMaker's own.
//
//        map                            list
//   u32  403; of older runners 402      303; of older runners 302
//   u32  how many keys                  how many values
//   then for each key: it, its value    each value
//
// A key or value:
//
//   u32  its type, then
//        0   real        f64
//        1   string      u32 how many bytes, then UTF-8 without a NUL
//        2   array       u32 how many values, then these (402, 302: u32 how many rows, then each row so)
//        3   pointer     as 10
//        5   undefined   nothing
//        7   int32       s32
//        10  int64       s64
//        12  null        nothing
//        13  bool        f64, 0 or 1
//
// Numbers of our own, for what GameMaker cannot write:
//
//        1000  a bigint above int64   u64
//        1001  struct                 u32 how many members, then for each: its name as a string, its value

/** What stands first in the texts of one kind of structure. */
export interface WrittenVersions {
  /** Of older runners, which write arrays row by row. */
  readonly rows: number
  readonly current: number
}

/** What stands first in a written text. */
export const WrittenVersion = {
  map: { rows: 402, current: 403 },
  list: { rows: 302, current: 303 },
} as const

/** The types of written values. The first ones are GameMaker's, its public header has them. */
export const WrittenType = {
  real: 0,
  string: 1,
  array: 2,
  pointer: 3,
  undefined: 5,
  int32: 7,
  int64: 10,
  null: 12,
  bool: 13,
  u64: 1000,
  struct: 1001,
} as const
