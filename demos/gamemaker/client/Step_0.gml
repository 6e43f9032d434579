/// @description Join, move, chat and kick

if (state == "joining")
{
    // Again each second until the server answers: over UDP a message may get lost.
    if (steps mod 60 == 0)
    {
        buffer_seek(message, buffer_seek_start, 0);
        buffer_write(message, buffer_u8, MSG_JOIN);
        buffer_write(message, buffer_string, NET_NAME);
        send_message();
    }
    steps += 1;
}
if (state != "playing") exit;

// The arrow keys move. Each second the place is sent anyway: over UDP the server forgets who is silent.
var _x = x + 4 * (keyboard_check(vk_right) - keyboard_check(vk_left));
var _y = y + 4 * (keyboard_check(vk_down) - keyboard_check(vk_up));
if (_x != x || _y != y || steps mod 60 == 0)
{
    x = _x;
    y = _y;
    buffer_seek(message, buffer_seek_start, 0);
    buffer_write(message, buffer_u8, MSG_MOVE);
    buffer_write(message, buffer_s16, x);
    buffer_write(message, buffer_s16, y);
    send_message();
}
steps += 1;

// What was typed is said with Enter.
if (keyboard_check_pressed(vk_enter) && keyboard_string != "")
{
    buffer_seek(message, buffer_seek_start, 0);
    buffer_write(message, buffer_u8, MSG_CHAT);
    buffer_write(message, buffer_string, keyboard_string);
    send_message();
    keyboard_string = "";
}

// F1 kicks the player who has come last. The server does it for the host only.
if (keyboard_check_pressed(vk_f1))
{
    buffer_seek(message, buffer_seek_start, 0);
    buffer_write(message, buffer_u8, MSG_KICK);
    buffer_write(message, buffer_u16, newest);
    send_message();
}
