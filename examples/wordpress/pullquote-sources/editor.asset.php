<?php
/**
 * What editor.js needs of WordPress, which loads these scripts first.
 */
return array(
	'dependencies' => array( 'wp-api-fetch', 'wp-blocks', 'wp-block-editor', 'wp-components', 'wp-data', 'wp-element' ),
	'version'      => '0.1.0',
);
