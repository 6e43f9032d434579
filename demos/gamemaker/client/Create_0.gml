/// @description Connect to the server

// network_socket_tcp, network_socket_udp or network_socket_ws. The HTML5 export needs network_socket_ws.
#macro NET_TYPE network_socket_tcp
#macro NET_ADDRESS "127.0.0.1"
// The server prints one port for each type.
#macro NET_PORT 6510
#macro NET_NAME "Ann"

// What the client sends.
#macro MSG_JOIN 1
#macro MSG_CHAT 2
#macro MSG_MOVE 3
#macro MSG_KICK 4
#macro MSG_LEAVE 5
#macro MSG_PROOF 6

// What the server sends.
#macro MSG_YOU 11
#macro MSG_PLAYER 12
#macro MSG_SAID 13
#macro MSG_MOVED 14
#macro MSG_GONE 15
#macro MSG_PROVE 16

state = "connecting";
me = 0;
newest = 0;
steps = 0;
players = ds_map_create();
message = buffer_create(256, buffer_grow, 1);

/// Sends what was written into the message.
send_message = function()
{
    if (NET_TYPE == network_socket_udp)
    {
        network_send_udp(socket, NET_ADDRESS, NET_PORT, message, buffer_tell(message));
    }
    else
    {
        network_send_packet(socket, message, buffer_tell(message));
    }
}

socket = network_create_socket(NET_TYPE);
if (socket < 0)
{
    state = "no socket of this type";
}
else if (NET_TYPE == network_socket_udp)
{
    // UDP has no connections: the socket is ready.
    state = "joining";
}
else if (network_connect_async(socket, NET_ADDRESS, NET_PORT) < 0)
{
    state = "not connected";
}
