<?php
/**
 * The block on the site: the list of sources. WordPress includes this file with $attributes.
 *
 * @var array $attributes The block's attributes.
 */

$sources = $attributes['sources'] ?? array();
if ( ! $sources ) {
	return;
}
?>
<section <?php echo get_block_wrapper_attributes( array( 'class' => 'pullquote-sources' ) ); ?>>
	<h2><?php echo esc_html__( 'Sources', 'pullquote-sources' ); ?></h2>
	<ul>
	<?php foreach ( $sources as $source ) : ?>
		<li>
			<b><?php echo esc_html( $source['name'] ); ?></b><?php echo $source['description'] ? esc_html( ', ' . $source['description'] ) : ''; ?>
			(<?php echo esc_html( (string) count( $source['quotes'] ) ); ?>)
		</li>
	<?php endforeach; ?>
	</ul>
</section>
