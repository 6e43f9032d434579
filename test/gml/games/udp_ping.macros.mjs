// client -> server
export const UP_HELLO = 1 // u8 my socket, string name
export const UP_PING = 2 // u8 my socket, u64 index, u64 time, u8 last one
export const UP_REPORT = 3 // u8 my socket, u16 sent, u16 got, u16 lost, string json
// server -> client
export const UP_WELCOME = 11 // u8 your socket, u8 number, string json
export const UP_PONG = 12 // u8 your socket, u64 index, u64 your time, u64 my time
export const UP_ACK = 13 // u8 your socket, u8 all done, string json
