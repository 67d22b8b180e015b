.PHONY: help build test test-compose demo images suite sweep attack bench fmt lint check clean bootstrap

BUILD := --explicit-target-dependency-import-check error
SEED ?= 7
SEEDS ?= 1..5
AGENTS ?= builtin
LABS ?= $(shell [ "$$(nproc)" -gt 1 ] && echo 2 || echo 1)
SUITE := .build/suite

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

bootstrap: ## install what is missing (Debian packages; as root also service users), and say what
	@scripts/bootstrap

build: bootstrap ## build the five programs, statically linked
	swift build -c release --static-swift-stdlib $(BUILD)

test: build ## run every test, against real PostgreSQL and real processes
	@scripts/bootstrap --test
	swift build --build-tests $(BUILD)
	scripts/test

demo: build ## break the shop, have it found, approve the repair, see it proven; RUNTIME=compose in containers
	$(if $(filter compose,$(RUNTIME)),scripts/bootstrap --compose && eval "$$(scripts/engine start)" && scripts/images &&) \
	  ./opslab demo $(if $(RUNTIME),--runtime $(RUNTIME))

test-compose: build ## run a lab in containers for real, kill its injector, and count what is left
	@scripts/bootstrap --compose
	scripts/test-compose

images: build ## pack the programs that were built into images for a lab in containers; needs an engine
	scripts/images

suite: build ## run every scenario, SEEDS=1..5 AGENTS=builtin LABS=2, on from where it was cut; FRESH=1 begins anew
	$(if $(FRESH),rm -rf $(SUITE))
	./opslab compare --out $(SUITE) --agents $(AGENTS) --seeds $(SEEDS) --labs $(LABS) \
	  $(if $(findstring builtin,$(AGENTS)),--must-pass builtin)

sweep: build ## kill and stop the injector at every transition of every fault, an hour; on from where it was cut; FRESH=1 begins anew
	scripts/sweep-faults $(if $(FRESH),--fresh)

attack: build ## attack a lab of its own, twelve minutes; WEAKENED=1 makes it weak on purpose and wants the attacks to come through
	scripts/attack $(if $(WEAKENED),--weakened)

bench: build ## measure against the targets, two hours; BENCH=--quick takes a quarter of one
	scripts/bench $(BENCH)

fmt: ## bring the code into the house style
	swift format -i -r Package.swift Sources Tests

lint: ## check the house style
	swift format lint -s -r Package.swift Sources Tests

check: lint ## what a reviewer looks at first
	scripts/check-blindness

clean: ## stop and remove every lab of this clone, then the build
	@[ -x .build/release/ControlPlane ] || { echo "nothing was built; labs, if any, are left alone"; exit 0; }; \
	for lab in .opslab/*/instance.json; do \
	  [ ! -e "$$lab" ] || OPSLAB_LABS= ./opslab down --purge --instance "$$(basename "$$(dirname "$$lab")")"; \
	done
	rm -rf .build
