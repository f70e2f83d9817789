# motcua: the two commands of a newcomer, and the two slow proofs.
PORT ?= 8080
export PORT

.PHONY: help run test crash bench layers sbom tools clean

help:
	@echo "make run     build, load the demo province, serve on http://127.0.0.1:$(PORT)"
	@echo "make test    every check on both databases and in a browser"
	@echo "make crash   kill -9 under load, on both databases (release build; ROUNDS=1000)"
	@echo "make bench   speed, as ratios in one run, on both databases (release build)"
	@echo "make sbom    every library that is built in, as CycloneDX"
	@echo "make layers  our data layer beside sqlx and SeaORM, in one run (release build)"

run:
	@scripts/prepare run
	@scripts/run

test:
	@scripts/prepare test
	@scripts/test

crash:
	@scripts/prepare test
	@scripts/crash

bench:
	@scripts/prepare test
	@scripts/bench

layers:
	@scripts/prepare test
	@scripts/layers

sbom:
	@scripts/prepare run
	@scripts/sbom

# What the tests need, without running them.
tools:
	@scripts/prepare test

clean:
	cargo clean
	rm -rf ground/assets/node_modules tests/browser/node_modules tools/paper/tests/verapdf/node_modules ground/testkit/oidc/node_modules
