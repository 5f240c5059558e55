<?php
// Laravel's own answers, for connectnow/laravel.rs: one JSON object per line in, one JSON value per line out.

require '/usr/share/php/Illuminate/Auth/autoload.php';
require '/usr/share/php/Illuminate/Container/autoload.php';
require '/usr/share/php/Illuminate/Http/autoload.php';
require '/usr/share/php/Illuminate/Pagination/autoload.php';

use Illuminate\Auth\TokenGuard;
use Illuminate\Container\Container;
use Illuminate\Contracts\Auth\Authenticatable;
use Illuminate\Contracts\Auth\UserProvider;
use Illuminate\Http\JsonResponse;
use Illuminate\Http\Request;
use Illuminate\Pagination\PaginationState;
use Illuminate\Pagination\Paginator;

// Nobody: what a guard finds is not looked up.
class Nobody implements UserProvider
{
    public function retrieveById($identifier) {}
    public function retrieveByToken($identifier, $token) {}
    public function updateRememberToken(Authenticatable $user, $token) {}
    public function retrieveByCredentials(array $credentials) {}
    public function validateCredentials(Authenticatable $user, array $credentials) {}
}

function request($asked)
{
    $server = [];
    foreach ($asked->headers ?? [] as $name => $value) {
        $key = strtoupper(str_replace('-', '_', $name));
        $server[$key === 'CONTENT_TYPE' ? $key : 'HTTP_' . $key] = $value;
    }
    $form = [];
    if (($server['CONTENT_TYPE'] ?? '') === 'application/x-www-form-urlencoded') {
        parse_str($asked->body, $form);
    }
    return Request::create($asked->url, $asked->method, $form, [], [], $server, $asked->body ?? '');
}

// The token a request shows, or null.
function token($asked)
{
    $guard = new TokenGuard(new Nobody, request($asked), $asked->key, $asked->key);
    return $guard->getTokenForRequest() ?: null;
}

// The page a request asks for, of these items, as it goes over the wire.
function page($asked)
{
    $request = request($asked);
    $app = new Container;
    $app->instance('request', $request);
    $app->instance('view', null);
    PaginationState::resolveUsing($app);
    $page = Paginator::resolveCurrentPage();
    $items = array_slice($asked->items, ($page - 1) * $asked->per_page, $asked->per_page + 1);
    $paginator = new Paginator($items, $asked->per_page, $page, ['path' => Paginator::resolveCurrentPath()]);
    return (new JsonResponse($paginator))->getContent();
}

while (($line = fgets(STDIN)) !== false) {
    $asked = json_decode($line);
    echo json_encode($asked->ask === 'page' ? page($asked) : token($asked)), "\n";
}
