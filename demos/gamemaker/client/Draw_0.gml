/// @description Show everybody

draw_text(8, 8, state + "   " + keyboard_string);
if (state != "playing") exit;

var _player = ds_map_find_first(players);
while (!is_undefined(_player))
{
    var _other = players[? _player];
    if (_player == me) draw_text(x, y, _other.name);
    else draw_text(_other.px, _other.py, _other.name);
    _player = ds_map_find_next(players, _player);
}
