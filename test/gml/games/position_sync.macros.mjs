// client -> server
export const PS_HELLO = 1 // string name
export const PS_MOVE = 2 // u8 seq, s16 x, s16 y, f32 angle, u8 jumping
export const PS_DONE = 3 // u64 tick of the last echo
// server -> client
export const PS_WELCOME = 11 // u8 your socket, s16 x, s16 y, string level as json
export const PS_JOIN = 12 // u8 socket, s16 x, s16 y, f32 angle, string name
export const PS_GO = 13 // u64 tick
export const PS_POS = 14 // u8 socket, u8 seq, s16 x, s16 y, f32 angle, u8 corrected, u64 tick
export const PS_SNAPSHOT = 15 // u64 offset of the table, string level name, table: u8 count, count * (u8, s16, s16, f32)
export const PS_LEFT = 16 // u8 socket
