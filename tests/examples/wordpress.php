<?php
/**
 * Runs the plugin in examples/wordpress with stand-ins for WordPress' functions: php wordpress.php STEP, with JSON on standard
 * input. Prints JSON.
 */

define( 'ABSPATH', __DIR__ );
define( 'PULLQUOTE_SERVICE', 'http://pullquote.example' );
define( 'PULLQUOTE_KEY', 'secret' );

$GLOBALS['hooks'] = array();
$GLOBALS['given'] = json_decode( stream_get_contents( STDIN ), true );

class WP_Error {
	public $message;
	public $data;
	public function __construct( $code, $message, $data = array() ) {
		$this->message = $message;
		$this->data    = $data;
	}
}

function add_action( $name, $function ) {
	$GLOBALS['hooks'][ $name ] = $function;
}
function add_filter( $name, $function, $priority ) {
	$GLOBALS['hooks'][ $name ] = array( $function, $priority );
}
function register_block_type( $folder ) {
	$GLOBALS['block'] = $folder;
}
function register_rest_route( $space, $path, $route ) {
	$GLOBALS['route'] = array( "$space$path", $route['methods'], $route['permission_callback'] );
}
function current_user_can( $what ) {
	return 'edit_posts' === $what && $GLOBALS['given']['editor'];
}
function wp_json_encode( $value ) {
	return json_encode( $value );
}
function wp_remote_post( $address, $request ) {
	$GLOBALS['asked'] = array( $address, $request['headers'], json_decode( $request['body'], true ) );
	return $GLOBALS['given']['response'];
}
function is_wp_error( $value ) {
	return $value instanceof WP_Error;
}
function wp_remote_retrieve_body( $response ) {
	return $response['body'];
}
function wp_remote_retrieve_response_code( $response ) {
	return $response['status'];
}
function is_singular() {
	return true;
}
function in_the_loop() {
	return true;
}
function has_block() {
	return true;
}
function get_post() {
	return (object) array( 'post_content' => '' );
}
function parse_blocks() {
	return array( array( 'blockName' => 'pullquote/sources', 'attrs' => $GLOBALS['given']['attributes'] ) );
}
function get_block_wrapper_attributes( $attributes ) {
	return 'class="' . $attributes['class'] . '"';
}
function esc_html( $text ) {
	return htmlspecialchars( $text, ENT_QUOTES, 'UTF-8' );
}
function esc_html__( $text ) {
	return esc_html( $text );
}

$plugin = dirname( __DIR__, 2 ) . '/examples/wordpress/pullquote-sources';
require "$plugin/pullquote-sources.php";

switch ( $argv[1] ) {
	case 'registered':
		$GLOBALS['hooks']['init']();
		$GLOBALS['hooks']['rest_api_init']();
		list( $route, $methods, $may ) = $GLOBALS['route'];
		echo json_encode( array( basename( $GLOBALS['block'] ), $route, $methods, $may(), $GLOBALS['hooks']['the_content'] ) );
		break;
	case 'find':
		$found = pullquote_find( array( 'html' => $GLOBALS['given']['html'] ) );
		echo json_encode( array( 'asked' => $GLOBALS['asked'], 'found' => $found ) );
		break;
	case 'mark':
		echo json_encode( pullquote_mark_content( $GLOBALS['given']['html'] ) );
		break;
	case 'render':
		$attributes = $GLOBALS['given']['attributes'];
		ob_start();
		require "$plugin/render.php";
		echo json_encode( ob_get_clean() );
		break;
}
