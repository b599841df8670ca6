<?php
/**
 * Marks quotes in HTML. Uses nothing of WordPress.
 */

/**
 * Put a mark around each quote of `$sources` in `$html`, whose tags stay as they are.
 *
 * Words are compared letter by letter: white space counts as one space, and HTML's entities as what they stand for. The
 * pieces of a quote are searched one after the other. What is not found is left out.
 *
 * @param string $html    An article.
 * @param array  $sources Sources with `name` and `quotes`, each with `texts`.
 * @return string
 */
function pullquote_mark( $html, $sources ) {
	$letters = pullquote_letters( $html );
	$plain   = implode( '', array_column( $letters, 'plain' ) );
	$bytes   = array(); // offset in $plain → index of its letter.
	$offset  = 0;
	foreach ( $letters as $index => $letter ) {
		$bytes[ $offset ] = $index;
		$offset          += strlen( $letter['plain'] );
	}
	$bytes[ $offset ] = count( $letters );
	$names            = array(); // index of a letter → the speaker's name.
	foreach ( $sources as $source ) {
		foreach ( $source['quotes'] as $quote ) {
			$from = 0;
			foreach ( $quote['texts'] as $text ) {
				$words = trim( preg_replace( '/\s+/u', ' ', $text ) );
				$at    = '' === $words ? false : strpos( $plain, $words, $from );
				if ( false === $at || ! isset( $bytes[ $at ], $bytes[ $at + strlen( $words ) ] ) ) {
					continue;
				}
				$from = $at + strlen( $words );
				for ( $index = $bytes[ $at ]; $index < $bytes[ $from ]; $index++ ) {
					$names[ $index ] = $source['name'];
				}
			}
		}
	}
	return pullquote_joined( $letters, $names );
}

/**
 * Split HTML into its letters: `html` as it is written, `plain` as it is read. A tag reads as nothing, the end of a block
 * as a space.
 *
 * @param string $html An article.
 * @return array
 */
function pullquote_letters( $html ) {
	$hidden = '<!--.*?-->|<(script|style)\b.*?<\/\1\s*>';
	preg_match_all( "/{$hidden}|<[^>]*>|&(?:#\d+|#x[0-9a-f]+|\w+);|\s+|./isu", $html, $found );
	$letters = array();
	$last    = ' ';
	foreach ( $found[0] as $written ) {
		$is_tag = '<' === $written[0] && strlen( $written ) > 1;
		if ( $is_tag ) {
			$plain = preg_match( '/^<(\/(p|div|li|h\d|blockquote)|br)\b/i', $written ) ? ' ' : '';
		} else {
			$plain = preg_replace( '/^\s+$/u', ' ', html_entity_decode( $written, ENT_QUOTES | ENT_HTML5, 'UTF-8' ) );
		}
		if ( ' ' === $plain && ' ' === $last ) {
			$plain = '';
		}
		$last      = '' === $plain ? $last : substr( $plain, -1 );
		$letters[] = array(
			'html'   => $written,
			'plain'  => $plain,
			'is_tag' => $is_tag,
		);
	}
	return $letters;
}

/**
 * Join letters to HTML again, with marks around those that have a name. A mark ends before each tag and starts again after it.
 *
 * @param array $letters From pullquote_letters.
 * @param array $names   Speakers' names by index of the letter.
 * @return string
 */
function pullquote_joined( $letters, $names ) {
	$html = '';
	$open = null;
	foreach ( $letters as $index => $letter ) {
		$name = $letter['is_tag'] ? null : ( $names[ $index ] ?? null );
		if ( $name !== $open ) {
			$html .= null === $open ? '' : '</mark>';
			$html .= null === $name ? '' : '<mark class="pullquote" title="' . htmlspecialchars( $name, ENT_QUOTES, 'UTF-8' ) . '">';
			$open  = $name;
		}
		$html .= $letter['html'];
	}
	return $html . ( null === $open ? '' : '</mark>' );
}
