"""African Storybook: illustrated children's stories."""
