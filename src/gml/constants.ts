// GameMaker's constants under their own names, with the values of its runners.

// Socket types.

/** TCP. In Node. */
export const network_socket_tcp = 0
/** UDP. In Node. */
export const network_socket_udp = 1
/** Bluetooth: GameMaker has the number only; there are no such sockets. */
export const network_socket_bluetooth = 2
/** WebSocket. In browsers for clients only. */
export const network_socket_ws = 6
/** Secure WebSocket, for clients. */
export const network_socket_wss = 7

// What a Networking event is about: the key `type` of `async_load`.

/** A client has connected to a server. */
export const network_type_connect = 1
/** A client of a server is gone. */
export const network_type_disconnect = 2
/** A message has arrived. */
export const network_type_data = 3
/** A client socket has connected, or could not. */
export const network_type_non_blocking_connect = 4
/** Consoles: the network is there. Never happens here. */
export const network_type_up = 5
/** Consoles: the network cannot be had. Never happens here. */
export const network_type_up_failed = 6
/** Consoles: the network is gone. Never happens here. */
export const network_type_down = 7

// Settings of `network_set_config`.

/** How many milliseconds connecting may take. */
export const network_config_connect_timeout = 0
/** Whether `network_connect` blocks. Here it never does, so this changes nothing. */
export const network_config_use_non_blocking_socket = 1
/** Takes a UDP socket. */
export const network_config_enable_reliable_udp = 2
/** Takes a UDP socket. */
export const network_config_disable_reliable_udp = 3
/** Takes a TCP socket. */
export const network_config_avoid_time_wait = 4
/** Takes a WebSocket client and the sub-protocol's name; without a name the socket is the name, for all to come. */
export const network_config_websocket_protocol = 5
/** Takes a UDP socket. The number is from the order of GameMaker's lists, not from a runner. */
export const network_config_enable_multicast = 6
/** Takes a UDP socket. The number is from the order of GameMaker's lists, not from a runner. */
export const network_config_disable_multicast = 7
/** Takes a socket and a number of bytes. The number is from the order of GameMaker's lists, not from a runner. */
export const network_config_message_size_limit = 8

// Forms of a WebSocket message: the option of `network_send_raw`, and the key `message_type`.

/** Bytes. */
export const network_send_binary = 1
/** Text. */
export const network_send_text = 2

// Arguments of `os_is_network_connected`.

/** Only look. */
export const network_connect_none = 0
/** Consoles: connect, and wait for it. */
export const network_connect_blocking = 1
/** Consoles: connect, and report by an event. */
export const network_connect_nonblocking = 2
/** Another name of `network_connect_nonblocking`. */
export const network_connect_active = 2
/** Consoles. The number is from a public project, not from a runner. */
export const network_connect_passive = 3

// Kinds of buffers.

/** Has a fixed size. */
export const buffer_fixed = 0
/** Grows as it is written. */
export const buffer_grow = 1
/** Goes on at its start when its end is reached. */
export const buffer_wrap = 2
/** Takes `buffer_u8` only. */
export const buffer_fast = 3
/** Acts as `buffer_fixed`. */
export const buffer_vbuffer = 4

// Data types of buffers.

/** Unsigned, 1 byte. */
export const buffer_u8 = 1
/** Signed, 1 byte. */
export const buffer_s8 = 2
/** Unsigned, 2 bytes. */
export const buffer_u16 = 3
/** Signed, 2 bytes. */
export const buffer_s16 = 4
/** Unsigned, 4 bytes. */
export const buffer_u32 = 5
/** Signed, 4 bytes. */
export const buffer_s32 = 6
/** IEEE 754 half precision, 2 bytes. */
export const buffer_f16 = 7
/** IEEE 754 single precision, 4 bytes. */
export const buffer_f32 = 8
/** IEEE 754 double precision, 8 bytes. */
export const buffer_f64 = 9
/** True or false, 1 byte. */
export const buffer_bool = 10
/** UTF-8 and a NUL byte. */
export const buffer_string = 11
/** 8 bytes. Read as a bigint. */
export const buffer_u64 = 12
/** UTF-8 without a NUL byte. */
export const buffer_text = 13

// What `buffer_seek` counts from.

/** The start. */
export const buffer_seek_start = 0
/** The position. */
export const buffer_seek_relative = 1
/** The end, backwards. */
export const buffer_seek_end = 2

// Results of `buffer_write` that are no success.

/** No better name. */
export const buffer_error_general = -1
/** No room, and the kind does not grow. */
export const buffer_error_out_of_space = -2
/** The data type does not take the value. */
export const buffer_error_invalid_type = -4

// Events.

/** The kind of event to which the asynchronous ones belong. */
export const ev_other = 7
/** Async - HTTP. */
export const ev_async_web = 62
/** Async - Dialog. */
export const ev_async_dialog = 63
/** Async - Networking: `gml_on_networking`. */
export const ev_async_web_networking = 68
/** Async - Social. */
export const ev_async_social = 70
/** Async - Save/Load: `gml_on_save_load`. */
export const ev_async_save_load = 72
/** Async - System. */
export const ev_async_system_event = 75

// Kinds of data structures, for `ds_exists`. Only maps and lists exist here.

/** `ds_map_create`. */
export const ds_type_map = 1
/** `ds_list_create`. */
export const ds_type_list = 2
/** GameMaker's stacks. */
export const ds_type_stack = 3
/** GameMaker's queues. */
export const ds_type_queue = 4
/** GameMaker's grids. */
export const ds_type_grid = 5
/** GameMaker's priority queues. */
export const ds_type_priority = 6

/** GameMaker's "no instance". No handle ever has this value. */
export const noone = -4
