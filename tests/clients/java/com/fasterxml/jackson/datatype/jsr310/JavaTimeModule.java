package com.fasterxml.jackson.datatype.jsr310;

import com.fasterxml.jackson.databind.module.SimpleModule;

/** Stands in for jackson-datatype-jsr310, which Debian does not package, so that a generated client compiles. */
public class JavaTimeModule extends SimpleModule {
}
