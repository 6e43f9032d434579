/**
 * A value that GameMaker code gets out of a structure. GML has no static types, and lines that come from there are to
 * compile as they are: `buffer_read(ds_map_find_value(async_load, 'buffer'), buffer_u8)`.
 */
export type GmlValue = any // oxlint-disable-line typescript/no-explicit-any -- see above
