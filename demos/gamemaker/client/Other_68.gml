/// @description Async - Networking

if (async_load[? "id"] != socket) exit;

switch (async_load[? "type"])
{
    case network_type_non_blocking_connect:
        state = (async_load[? "succeeded"] == 1) ? "joining" : "not connected";
        break;

    case network_type_data:
        var _buffer = async_load[? "buffer"];
        var _id = buffer_read(_buffer, buffer_u8);
        var _player = buffer_read(_buffer, buffer_u16);
        switch (_id)
        {
            case MSG_YOU:
                me = _player;
                state = "playing";
                break;

            case MSG_PLAYER:
                var _name = buffer_read(_buffer, buffer_string);
                var _player_x = buffer_read(_buffer, buffer_s16);
                var _player_y = buffer_read(_buffer, buffer_s16);
                players[? _player] = { name: _name, px: _player_x, py: _player_y };
                if (_player != me) newest = _player;
                break;

            case MSG_SAID:
                var _text = buffer_read(_buffer, buffer_string);
                show_debug_message(string(_player) + ": " + _text);
                break;

            case MSG_MOVED:
                var _moved_x = buffer_read(_buffer, buffer_s16);
                var _moved_y = buffer_read(_buffer, buffer_s16);
                var _moved = players[? _player];
                if (!is_undefined(_moved))
                {
                    _moved.px = _moved_x;
                    _moved.py = _moved_y;
                }
                break;

            case MSG_PROVE:
                // Over UDP the server asks whether we are at our address: its number goes back, and we join again.
                var _number = buffer_read(_buffer, buffer_u8);
                buffer_seek(message, buffer_seek_start, 0);
                buffer_write(message, buffer_u8, MSG_PROOF);
                buffer_write(message, buffer_u16, _player);
                buffer_write(message, buffer_u8, _number);
                send_message();
                steps = 0;
                break;

            case MSG_GONE:
                // A client has no event for the end of its connection, so the server says it: 0 is the server.
                ds_map_delete(players, _player);
                if (_player == 0 || _player == me) state = "not connected";
                break;
        }
        break;
}
