/// @description Leave

// Over UDP nobody sees a socket go.
if (state == "playing" && NET_TYPE == network_socket_udp)
{
    buffer_seek(message, buffer_seek_start, 0);
    buffer_write(message, buffer_u8, MSG_LEAVE);
    send_message();
}
if (socket >= 0) network_destroy(socket);
buffer_delete(message);
ds_map_destroy(players);
