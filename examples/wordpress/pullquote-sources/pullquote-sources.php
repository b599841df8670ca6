<?php
/**
 * Plugin Name: Pullquote sources
 * Description: Marks the quotes of an article and lists its sources. Needs a Pullquote service.
 * Version: 0.1.0
 * Requires at least: 6.5
 * Requires PHP: 7.4
 * License: Apache-2.0
 *
 * In wp-config.php:
 *   define( 'PULLQUOTE_SERVICE', 'http://127.0.0.1:8000' );
 *   define( 'PULLQUOTE_KEY', '…' ); // where the service requires one
 */

defined( 'ABSPATH' ) || exit;

require_once __DIR__ . '/marking.php';

add_action( 'init', 'pullquote_register' );
add_action( 'rest_api_init', 'pullquote_register_route' );
add_filter( 'the_content', 'pullquote_mark_content', 9 ); // after the blocks, before WordPress changes quotation marks

/** Register the block; block.json names its script and its rendering. */
function pullquote_register() {
	register_block_type( __DIR__ );
}

/** Register the address that the editor calls: the browser never sees the service or its key. */
function pullquote_register_route() {
	register_rest_route(
		'pullquote/v1',
		'/quotes',
		array(
			'methods'             => 'POST',
			'callback'            => 'pullquote_find',
			'permission_callback' => function () {
				return current_user_can( 'edit_posts' );
			},
			'args'                => array(
				'html' => array(
					'type'     => 'string',
					'required' => true,
				),
			),
		)
	);
}

/**
 * Send an article to the service, and return its sources with their quotes.
 *
 * @param WP_REST_Request $request With the article as HTML.
 * @return array|WP_Error The block's attributes `sources` and `unattributed`.
 */
function pullquote_find( $request ) {
	$headers = array( 'Content-Type' => 'application/json' );
	if ( defined( 'PULLQUOTE_KEY' ) ) {
		$headers['Authorization'] = 'Bearer ' . PULLQUOTE_KEY;
	}
	$page     = '<!doctype html><html lang="en"><body><article>' . $request['html'] . '</article></body></html>';
	$response = wp_remote_post(
		( defined( 'PULLQUOTE_SERVICE' ) ? PULLQUOTE_SERVICE : 'http://127.0.0.1:8000' ) . '/quotes',
		array(
			'headers' => $headers,
			'body'    => wp_json_encode( array( 'html' => $page ) ),
			'timeout' => 60,
		)
	);
	if ( is_wp_error( $response ) ) {
		return $response;
	}
	$answer = json_decode( wp_remote_retrieve_body( $response ), true );
	$status = wp_remote_retrieve_response_code( $response );
	if ( 200 !== $status || ! is_array( $answer ) ) {
		$detail = isset( $answer['errors'][0]['detail'] ) ? $answer['errors'][0]['detail'] : ( $answer['detail'] ?? 'No response.' );
		return new WP_Error( 'pullquote', $detail, array( 'status' => 502 ) );
	}
	return pullquote_attributes( $answer );
}

/**
 * Return what a post keeps of a report: each source with its quotes.
 *
 * @param array $report The response of POST /quotes.
 * @return array
 */
function pullquote_attributes( $report ) {
	$sources = array();
	foreach ( $report['speakers'] as $speaker ) {
		$sources[ $speaker['id'] ] = array(
			'name'        => $speaker['name'],
			'description' => $speaker['description'],
			'quotes'      => array(),
		);
	}
	foreach ( $report['quotes'] as $quote ) {
		if ( null !== $quote['speaker'] && ! isset( $quote['repeats'] ) && ! $quote['negated'] ) {
			$sources[ $quote['speaker'] ]['quotes'][] = array(
				'kind'  => $quote['kind'],
				'texts' => array_column( $quote['contents'], 'text' ),
			);
		}
	}
	return array( 'sources' => array_values( array_filter( $sources, 'pullquote_has_quotes' ) ) );
}

/**
 * Whether a source has a quote that can be shown.
 *
 * @param array $source A source of the block.
 * @return bool
 */
function pullquote_has_quotes( $source ) {
	return count( $source['quotes'] ) > 0;
}

/**
 * Mark the quotes that the block of a post keeps, on the post's own page.
 *
 * @param string $content The post's HTML.
 * @return string
 */
function pullquote_mark_content( $content ) {
	if ( ! is_singular() || ! in_the_loop() || ! has_block( 'pullquote/sources' ) ) {
		return $content;
	}
	foreach ( parse_blocks( get_post()->post_content ) as $block ) {
		if ( 'pullquote/sources' === $block['blockName'] && ( $block['attrs']['mark'] ?? true ) ) {
			$content = pullquote_mark( $content, $block['attrs']['sources'] ?? array() );
		}
	}
	return $content;
}
