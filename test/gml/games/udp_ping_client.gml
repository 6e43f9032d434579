// obj_udp_ping_client  (connected UDP: ping, pong, losses)
//
// set by the test before Create: global.net_host, global.net_port (number or text), global.udp_raw,
//                                global.player_name ("ann" / "bob")
//
// after the script with two clients (it takes about 2.5 seconds of real time):
//   state == "done"        sent == 10        got == 8        lost == 2
//   stamps_ok == 8         links[? socket].pongs == 8        ds_list_size(rtt_list) == 8
//   rtt_list is sorted, rtt_median >= 0 and < 1000           number is 0 for one and 1 for the other
//   waiting[4] and waiting[9] == false, rtt_of[4] == -1, rtt_of[9] == -1, the other rtt_of >= 0
//   summary.names[0] == "ann", summary.names[1] == "bob", summary.lost == 4
//
// habits in this file: a b c d e f g h i j

/// Create
my_name   = global.player_name;
raw_mode  = global.udp_raw;
port_text = string(global.net_port);

state      = "hello";
number     = -1;
settings   = undefined;
summary    = undefined;
sent       = 0;
got        = 0;
lost       = 0;
stamps_ok  = 0;
rtt_median = -1;
sent_at    = [];   // by index of the ping
waiting    = [];
rtt_of     = [];
rtt_list   = ds_list_create();
links      = ds_map_create();  // own socket -> struct; a server browser would have many

network_set_config(network_config_use_non_blocking_socket, false); // habit a
socket = network_create_socket(network_socket_udp);
links[? socket] = { host : global.net_host, pongs : 0 };

cbuf = buffer_create(256, buffer_vbuffer, true); // habit g, habit a
buffer_write(cbuf, buffer_u8, UP_HELLO);
buffer_write(cbuf, buffer_u8, socket);           // habit b
buffer_write(cbuf, buffer_string, my_name);

if (raw_mode) {
    network_connect_raw(socket, global.net_host, port_text); // habit e, habit h
    network_send_raw(socket, cbuf, buffer_tell(cbuf));       // habit c
} else {
    network_connect(socket, global.net_host, port_text);     // habit e, habit h
    network_send_packet(socket, cbuf, buffer_tell(cbuf));    // habit c
}
alarm[0] = 30; // again if nobody answers

begin_packet = function(_kind) {
    buffer_seek(cbuf, buffer_seek_start, 0);
    buffer_write(cbuf, buffer_u8, _kind);
    buffer_write(cbuf, buffer_u8, socket); // habit b
};

send = function() {
    if (raw_mode) return network_send_raw(socket, cbuf, buffer_tell(cbuf));
    return network_send_packet(socket, cbuf, buffer_tell(cbuf));
};

send_hello = function() {
    begin_packet(UP_HELLO);
    buffer_write(cbuf, buffer_string, my_name);
    send();
};

send_ping = function() {
    var _now = int64(current_time);
    sent_at[sent] = _now;
    waiting[sent] = true;
    rtt_of[sent]  = -1;
    begin_packet(UP_PING);
    buffer_write(cbuf, buffer_u64, sent);
    buffer_write(cbuf, buffer_u64, _now);
    buffer_write(cbuf, buffer_u8, sent == settings.pings - 1); // habit a
    send();
    sent++;
};

send_report = function() {
    begin_packet(UP_REPORT);
    buffer_write(cbuf, buffer_u16, sent);
    buffer_write(cbuf, buffer_u16, got);
    buffer_write(cbuf, buffer_u16, lost);
    buffer_write(cbuf, buffer_string, json_stringify({ name : my_name, median : rtt_median }));
    send();
};

/// Alarm 0
switch (state)
{
    case "hello":
        send_hello();
        alarm[0] = 30;
        break;

    case "pinging":
        send_ping();
        if (sent < settings.pings) alarm[0] = settings.every;
        else state = "draining";
        break;

    case "reporting":
        send_report();
        alarm[0] = 20; // until the server says that everybody is through
        break;
}

/// Step
if (state != "pinging" && state != "draining") exit;

var _open = 0;
for (var i = 0; i < sent; i++) {
    if (!waiting[i]) continue;
    if (current_time - sent_at[i] > settings.timeout) {
        waiting[i] = false;
        lost++;
    }
    _open += waiting[i]; // habit a
}

if (state == "draining" && _open == 0) {
    ds_list_sort(rtt_list, true); // habit i
    if (!ds_list_empty(rtt_list)) rtt_median = rtt_list[| ds_list_size(rtt_list) div 2];
    state = "reporting";
    alarm[0] = 1;
}

/// Async - Networking
if (async_load[? "id"] != socket) exit;
var _b = async_load[? "buffer"]; // habit d
buffer_seek(_b, buffer_seek_start, 0);
var _kind = buffer_read(_b, buffer_u8);
var _link = links[? buffer_read(_b, buffer_u8)]; // habit b
if (is_undefined(_link)) exit;

switch (_kind)
{
    case UP_WELCOME:
        if (state != "hello") exit; // the second answer to a second hello
        number = buffer_read(_b, buffer_u8);
        settings = json_parse(buffer_read(_b, buffer_string)); // habit j
        state = "pinging";
        alarm[0] = settings.every;
        break;

    case UP_PONG:
        var _index = buffer_read(_b, buffer_u64);
        var _stamp = buffer_read(_b, buffer_u64);
        if (!waiting[_index]) exit;                  // habit f: came after we gave it up
        waiting[_index] = false;
        if (_stamp == sent_at[_index]) stamps_ok++;  // habit f
        rtt_of[_index] = current_time - _stamp;
        ds_list_add(rtt_list, rtt_of[_index]);
        _link.pongs++;
        got++;
        break;

    case UP_ACK:
        if (state != "reporting") exit;
        if (buffer_read(_b, buffer_u8)) {
            summary = json_parse(buffer_read(_b, buffer_string)); // habit j
            state = "done";
            alarm[0] = -1;
            show_debug_message(my_name + ": " + string(got) + " of " + string(sent) + " came back");
        }
        break;
}

/// Clean Up
network_destroy(socket);
buffer_delete(cbuf);
ds_list_destroy(rtt_list);
ds_map_destroy(links);
